//! Many requests at the same moment.

use std::sync::Arc;

use futures::future::join_all;
use tokio::sync::Barrier;
use twostep_api::{ProblemType, ProofKind, SignIn, Verify};
use twostep_client::{Client, Error};
use twostep_tests::story::{Pending, Stage, password, sign_in};
use uuid::Uuid;

/// Posts `verify` to each of `asked` at the same moment.
async fn at_once(asked: Vec<(Uuid, Client)>, verify: &Verify) -> Vec<Result<SignIn, Error>> {
    let barrier = Arc::new(Barrier::new(asked.len()));
    let posts = asked.into_iter().map(|(id, api)| {
        let (barrier, verify) = (barrier.clone(), verify.clone());
        tokio::spawn(async move {
            barrier.wait().await;
            api.verify(id, &verify).await
        })
    });
    join_all(posts).await.into_iter().map(Result::unwrap).collect()
}

/// How many of `answers` succeeded; the others must be refused with one of `kinds`.
fn successes(answers: &[Result<SignIn, Error>], kinds: &[ProblemType]) -> usize {
    let mut good = 0;
    for answer in answers {
        match answer {
            Ok(_) => good += 1,
            Err(Error::Problem(problem)) => assert!(kinds.contains(&problem.kind), "{problem:?}"),
            Err(error) => panic!("{error}"),
        }
    }
    good
}

fn copies(pending: &Pending, count: usize) -> Vec<(Uuid, Client)> {
    vec![(pending.id, pending.api.clone()); count]
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn s7_fifty_posts_of_one_right_code_at_once_open_one_session() {
    let stage = Stage::enforcing("fifty").await.unwrap();
    let mut ann = stage.technician("ann").await.unwrap();
    let before = ann.session.sessions().await.unwrap().sessions.len();
    let over = [ProblemType::NotSignedIn, ProblemType::CodeUsed, ProblemType::Busy];

    let pending = stage.sign_in(ann.login()).await.unwrap();
    let code = stage.sent_code(&pending, twostep_api::Method::Email, &ann.backup()).await.unwrap();
    let answers = at_once(copies(&pending, 50), &Verify { method: ProofKind::Email, code }).await;
    assert_eq!(successes(&answers, &over), 1);

    let pending = stage.sign_in(ann.login()).await.unwrap();
    let code = ann.next_code(&stage).await.unwrap();
    let answers = at_once(copies(&pending, 50), &Verify { method: ProofKind::App, code }).await;
    assert_eq!(successes(&answers, &over), 1);
    assert_eq!(ann.session.sessions().await.unwrap().sessions.len(), before + 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn s7_one_code_in_many_sign_ins_at_once_opens_one_session() {
    let stage = Stage::enforcing("many").await.unwrap();
    let mut ann = stage.technician("ann").await.unwrap();
    let mut asked = Vec::new();
    for _ in 0..12 {
        let pending = stage.sign_in(ann.login()).await.unwrap();
        asked.push((pending.id, pending.api));
    }
    let code = ann.next_code(&stage).await.unwrap();
    let answers = at_once(asked.clone(), &Verify { method: ProofKind::App, code }).await;
    assert_eq!(successes(&answers, &[ProblemType::CodeUsed]), 1);

    let code = ann.recovery[0].clone();
    let answers = at_once(asked, &Verify { method: ProofKind::Printed, code }).await;
    let refusals = [ProblemType::NotSignedIn, ProblemType::CodeRejected, ProblemType::TooSoon];
    assert_eq!(successes(&answers, &refusals), 1);
    assert_eq!(ann.session.me().await.unwrap().recovery_codes_left, 9);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn s11_guesses_at_once_are_counted_one_by_one() {
    let stage = Stage::enforcing("guesses").await.unwrap();
    let ann = stage.technician("ann").await.unwrap();
    let mut asked = Vec::new();
    for _ in 0..10 {
        let pending = stage.sign_in(ann.login()).await.unwrap();
        asked.extend(copies(&pending, 10));
    }
    let code = ann.wrong_code(&stage).await.unwrap();
    let answers = at_once(asked, &Verify { method: ProofKind::App, code }).await;
    assert_eq!(successes(&answers, &[ProblemType::CodeRejected, ProblemType::TooSoon, ProblemType::Busy]), 0);
    let heard = answers
        .iter()
        .filter(|it| matches!(it, Err(Error::Problem(it)) if it.kind == ProblemType::CodeRejected));
    // Three, and one more for each delay that ran out while the others waited for their turn.
    let heard = heard.count();
    assert!((3..=7).contains(&heard), "{heard} guesses were heard at once");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn s12_passwords_guessed_at_once_are_counted_one_by_one() {
    let stage = Stage::open("burst").await.unwrap();
    let (login, _) = stage.hire("ann").await.unwrap();
    for login in [login, stage.login("nobody")] {
        let barrier = Arc::new(Barrier::new(60));
        let guesses = (0..60).map(|guess| {
            let (barrier, login, api) = (barrier.clone(), login.clone(), stage.product.api().unwrap());
            tokio::spawn(async move {
                barrier.wait().await;
                sign_in(&api, &login, &password(&format!("guess {guess}"))).await.map(drop)
            })
        });
        let mut heard = 0;
        for answer in join_all(guesses).await {
            let error = answer.unwrap().unwrap_err();
            match error.downcast_ref::<Error>().and_then(Error::problem_type).unwrap() {
                ProblemType::WrongCredentials => heard += 1,
                ProblemType::TooSoon | ProblemType::Busy => {}
                other => panic!("{other:?}"),
            }
        }
        assert!((1..=10).contains(&heard), "{heard} passwords of {login} were compared at once");
    }
}

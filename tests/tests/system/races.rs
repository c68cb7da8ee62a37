//! Many requests at the same moment.

use std::sync::Arc;

use futures::future::join_all;
use tokio::sync::Barrier;
use twostep_api::{
    AcceptInvitation, LinkState, OpenVerificationLink, ProblemType, ProofKind, RequestPasswordReset,
    ResetPassword, SignIn, StartSetUp, Verify, VerifyEmail,
};
use twostep_client::{AuditPage, Client, Error};
use twostep_tests::harness::Product as _;
use twostep_tests::story::{Pending, Stage, password, sign_in};
use uuid::Uuid;

/// What `posts` are answered at the same moment.
async fn together<T: Send + 'static>(
    posts: impl IntoIterator<Item = impl Future<Output = Result<T, Error>> + Send + 'static>,
) -> Vec<Result<T, Error>> {
    let posts: Vec<_> = posts.into_iter().collect();
    let barrier = Arc::new(Barrier::new(posts.len()));
    let posts = posts.into_iter().map(|post| {
        let barrier = barrier.clone();
        tokio::spawn(async move {
            barrier.wait().await;
            post.await
        })
    });
    join_all(posts).await.into_iter().map(Result::unwrap).collect()
}

/// Posts `verify` to each of `asked` at the same moment.
async fn at_once(asked: Vec<(Uuid, Client)>, verify: &Verify) -> Vec<Result<SignIn, Error>> {
    let verify = |(id, api): (Uuid, Client)| {
        let verify = verify.clone();
        async move { api.verify(id, &verify).await }
    };
    together(asked.into_iter().map(verify)).await
}

/// How many of `answers` succeeded; the others must be refused with one of `kinds`.
fn successes<T>(answers: &[Result<T, Error>], kinds: &[ProblemType]) -> usize {
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

/// How often something of this kind happened to `member`.
async fn times(stage: &Stage, member: Uuid, event_type: &str) -> usize {
    let page = AuditPage {
        event_type: Some(event_type.to_owned()),
        member: Some(member),
        limit: Some(200),
        ..AuditPage::default()
    };
    stage.holder.audit_events(&page).await.unwrap().events.len()
}

/// The one of `answers` that succeeded; the others are told that the link is used up, or that there are too many at once.
fn winner(answers: &[Result<(), Error>]) -> usize {
    assert_eq!(successes(answers, &[ProblemType::LinkDead, ProblemType::Busy]), 1);
    answers.iter().position(Result::is_ok).unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn s7_twenty_posts_of_one_link_at_once_set_one_password() {
    let stage = Stage::open("links").await.unwrap();
    let api = stage.product.api().unwrap();
    let invitation = stage.invitation("ann");
    let login = invitation.email.clone();
    let ann = stage.holder.invite_member(stage.company, &invitation).await.unwrap().id;
    let mail = stage.inbox.next_that(&login, 0, |mail| !mail.links.is_empty()).await.unwrap();
    let posts = (0..20).map(|number| {
        let (api, token) = (api.clone(), mail.link_token().unwrap());
        let accept = AcceptInvitation { password: password(&format!("invitation {number}")) };
        async move { api.accept_invitation(&token, &accept).await }
    });
    let set = winner(&together(posts).await);
    sign_in(&api, &login, &password(&format!("invitation {set}"))).await.unwrap();
    assert_eq!(times(&stage, ann, "PasswordChanged").await, 1);

    let forgotten = RequestPasswordReset { company: None, login: login.clone() };
    api.request_password_reset(&forgotten).await.unwrap();
    let mail = stage.told(&login, mail.id, "Choose a new password").await.unwrap();
    let posts = (0..20).map(|number| {
        let (api, token) = (api.clone(), mail.link_token().unwrap());
        let reset = ResetPassword { password: password(&format!("reset {number}")) };
        async move { api.reset_password(&token, &reset).await }
    });
    let set = winner(&together(posts).await);
    sign_in(&api, &login, &password(&format!("reset {set}"))).await.unwrap();
    assert_eq!(times(&stage, ann, "PasswordChanged").await, 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn s7_twenty_presses_of_one_verification_link_at_once_prove_its_address_once() {
    let stage = Stage::enforcing("presses").await.unwrap();
    let (login, ann) = stage.hire("ann").await.unwrap();
    let pending = stage.sign_in(&login).await.unwrap();
    pending.api.start_set_up(&StartSetUp::default()).await.unwrap();
    let address = format!("backup.{login}");
    pending.api.set_up_email(&VerifyEmail { address: address.clone() }).await.unwrap();
    let mail = stage.inbox.next_that(&address, 0, |mail| !mail.links.is_empty()).await.unwrap();
    let posts = (0..20).map(|_| {
        let (api, token) = (pending.api.clone(), mail.link_token().unwrap());
        async move { api.open_verification_link(&token, &OpenVerificationLink::default()).await }
    });
    // Whoever presses again is told that it is done, and does nothing more.
    let mut told = 0;
    for answer in together(posts).await {
        match answer {
            Ok(link) => assert_eq!(link.state, LinkState::Verified),
            Err(error) => assert_eq!(error.problem_type(), Some(ProblemType::Busy), "{error}"),
        }
        told += 1;
    }
    assert_eq!((told, times(&stage, ann, "BackupEmailVerified").await), (20, 1));
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

//! Wrong codes: what they delay, whom they tell, and when they lock.

use twostep_api::{ConfirmCode, Method, Problem, ProblemType, ProofKind, SignIn, StartSetUp};
use twostep_client::Error;
use twostep_tests::harness::{Product as _, code_at};
use twostep_tests::story::{Enrolled, NOBODYS_CODE, Stage, password, refused, sign_in};

/// The refusal of a code.
fn problem(answer: Result<SignIn, Error>) -> Problem {
    match answer {
        Err(Error::Problem(problem)) => *problem,
        Err(error) => panic!("{error}"),
        Ok(_) => panic!("it was accepted"),
    }
}

/// Types a wrong code in a new sign-in, once the delay of the failures before is over.
async fn fail_once(stage: &Stage, who: &Enrolled, failures_before: u32) -> Problem {
    if let Some(doublings) = failures_before.checked_sub(3) {
        stage.product.advance((1_i64 << doublings).min(900) + 1).await.unwrap();
    }
    let pending = stage.sign_in(who.login()).await.unwrap();
    let problem = problem(pending.verify(ProofKind::Printed, NOBODYS_CODE).await);
    assert_eq!(problem.kind, ProblemType::CodeRejected);
    problem
}

#[tokio::test]
async fn s11_delays_begin_with_the_third_failure_and_hold_for_right_codes_too() {
    let mut stage = Stage::enforcing("delays").await.unwrap();
    let mut ann = stage.technician("ann").await.unwrap();
    let told = stage.last(ann.login()).await.unwrap();
    for failures in 0..7_u32 {
        let answer = fail_once(&stage, &ann, failures).await;
        let after = stage.product.now().await.unwrap();
        let Some(doublings) = (failures + 1).checked_sub(3) else {
            assert_eq!(answer.next_at, None, "{failures}");
            continue;
        };
        let due = chrono::Duration::seconds(1 << doublings);
        let next_at = answer.next_at.unwrap();
        let early = after + due - next_at;
        assert!((0..5).contains(&early.num_seconds()), "failure {}: {next_at}, {due}", failures + 1);
        if failures == 3 {
            stage.restart().await.unwrap();
        }
        // Neither a restart nor a new sign-in nor a send makes it forget.
        if failures >= 5 {
            let pending = stage.sign_in(ann.login()).await.unwrap();
            let standing = pending.api.sign_in(pending.id).await.unwrap();
            assert_eq!(standing.next_try_at, Some(next_at));
            if failures == 5 {
                pending.send(Method::Email).await.unwrap();
            }
            let wrong = problem(pending.verify(ProofKind::Printed, NOBODYS_CODE).await);
            let right = problem(pending.verify(ProofKind::Printed, &ann.recovery[0]).await);
            assert_eq!((wrong.kind, &wrong), (ProblemType::TooSoon, &right));
            assert_eq!(wrong.next_at, Some(next_at));
        }
    }
    stage.told(ann.login(), told, "Five wrong codes").await.unwrap();
    // Success alone resets the count.
    stage.product.advance(20).await.unwrap();
    ann.sign_in(&stage).await.unwrap();
    for failures in 0..3 {
        fail_once(&stage, &ann, failures).await;
    }
}

#[tokio::test]
async fn s11_twenty_failures_lock_until_an_administrator_opens() {
    let mut stage = Stage::enforcing("lock").await.unwrap();
    let mut ann = stage.technician("ann").await.unwrap();
    let before = stage.last(ann.login()).await.unwrap();
    let old = ann.lock(&stage).await.unwrap();
    // What the password had opened before is over, whoever opened it (S16).
    refused(old.api.sign_in(old.id).await, ProblemType::NotSignedIn).unwrap();
    refused(old.verify(ProofKind::Printed, &ann.recovery[0]).await, ProblemType::NotSignedIn).unwrap();
    stage.told(ann.login(), before, "Your account").await.unwrap();
    // So is the session that guessed in its step-ups.
    refused(ann.session.me().await, ProblemType::NotSignedIn).unwrap();
    let pending = stage.sign_in(ann.login()).await.unwrap();
    let wrong = ann.wrong_code(&stage).await.unwrap();
    let right = ann.next_code(&stage).await.unwrap();
    let wrong = problem(pending.verify(ProofKind::App, &wrong).await);
    let right = problem(pending.verify(ProofKind::App, &right).await);
    assert_eq!((right.kind, &right), (ProblemType::Locked, &wrong), "right and wrong differ while locked");
    refused(pending.send(Method::Email).await, ProblemType::Locked).unwrap();
    // Nor do time and a restart help.
    stage.restart().await.unwrap();
    stage.product.advance(3 * 86_400).await.unwrap();
    let pending = stage.sign_in(ann.login()).await.unwrap();
    let right = ann.next_code(&stage).await.unwrap();
    refused(pending.verify(ProofKind::App, &right).await, ProblemType::Locked).unwrap();

    let api = stage.product.api().unwrap();
    let again = sign_in(&api, &stage.login("holder"), &password("holder")).await.unwrap();
    let holder = api.with_token(&again.token.unwrap());
    refused(holder.unlock_member(stage.company, stage.holder_id).await, ProblemType::Forbidden).unwrap();
    holder.unlock_member(stage.company, ann.id).await.unwrap();
    let right = ann.next_code(&stage).await.unwrap();
    pending.verify(ProofKind::App, &right).await.unwrap();
}

#[tokio::test]
async fn s11_a_recovery_code_opens_the_lock_and_nothing_else_does() {
    let stage = Stage::enforcing("opens").await.unwrap();
    let mut ann = stage.technician("ann").await.unwrap();
    ann.lock(&stage).await.unwrap();
    let pending = stage.sign_in(ann.login()).await.unwrap();
    refused(pending.verify(ProofKind::Printed, NOBODYS_CODE).await, ProblemType::Locked).unwrap();
    pending.verify(ProofKind::Printed, &ann.recovery[3]).await.unwrap();
    ann.sign_in(&stage).await.unwrap();
}

#[tokio::test]
async fn s11_every_route_that_takes_a_code_feeds_one_count() {
    let stage = Stage::enforcing("routes").await.unwrap();
    let mut ann = stage.technician("ann").await.unwrap();
    ann.session.start_set_up(&StartSetUp::default()).await.unwrap();
    ann.session.start_pairing().await.unwrap();
    let wrong = ann.wrong_code(&stage).await.unwrap();
    for failures in 0..3 {
        fail_once(&stage, &ann, failures).await;
    }
    let pending = stage.sign_in(ann.login()).await.unwrap();
    let step_up = stage.step_up(&ann.session).await.unwrap();
    let typed = ConfirmCode { code: wrong.clone() };
    let rejected = ProblemType::CodeRejected;
    stage.product.advance(2).await.unwrap();
    refused(pending.verify(ProofKind::Email, &wrong).await, rejected).unwrap();
    stage.product.advance(3).await.unwrap();
    refused(step_up.verify(ProofKind::App, &wrong).await, rejected).unwrap();
    stage.product.advance(5).await.unwrap();
    refused(ann.session.confirm_pairing(&typed).await, rejected).unwrap();
    // The sixth: 8 s, on every route.
    let soon = ProblemType::TooSoon;
    refused(ann.session.confirm_pairing(&typed).await, soon).unwrap();
    refused(pending.verify(ProofKind::Printed, NOBODYS_CODE).await, soon).unwrap();
    refused(step_up.verify(ProofKind::Email, &wrong).await, soon).unwrap();
    // A right first code in a set-up clears nothing: whoever guesses may own the app that they pair.
    stage.product.advance(9).await.unwrap();
    let secret = ann.session.start_pairing().await.unwrap().secret;
    let now = stage.into_next_step().await.unwrap();
    let code = code_at(&secret, now).unwrap();
    ann.session.confirm_pairing(&ConfirmCode { code }).await.unwrap();
    refused(pending.verify(ProofKind::App, &wrong).await, rejected).unwrap();
    refused(pending.verify(ProofKind::App, &wrong).await, soon).unwrap();
    stage.product.advance(17).await.unwrap();
    ann.sign_in(&stage).await.unwrap();
}

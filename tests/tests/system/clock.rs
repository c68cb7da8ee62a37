//! A clock that somebody sets, back or too far on (S30): what is over stays over, and what is used stays used.

use twostep_api::{Method, ProblemType, ProofKind};
use twostep_tests::harness::{Product as _, code_at};
use twostep_tests::story::{Stage, refused};

/// How far the clock is set back, in seconds.
const BACK: [i64; 3] = [90, 200, 86_400];

#[tokio::test]
async fn s30_a_clock_that_goes_back_makes_no_expired_code_good_again() {
    let stage = Stage::enforcing("expired").await.unwrap();
    let ann = stage.technician("ann").await.unwrap();
    let pending = stage.sign_in(ann.login()).await.unwrap();
    let code = stage.sent_code(&pending, Method::Email, &ann.backup()).await.unwrap();
    let dead = stage.product.advance(310).await.unwrap();
    refused(pending.verify(ProofKind::Email, &code).await, ProblemType::CodeExpired).unwrap();
    for back in BACK {
        assert!(stage.product.advance(-back).await.unwrap() >= dead, "time went back {back} s");
        refused(pending.verify(ProofKind::Email, &code).await, ProblemType::CodeExpired).unwrap();
    }
    let logged = stage.product.output();
    assert!(logged.contains("the machine's clock jumped"), "nobody is told of it: {logged}");
}

#[tokio::test]
async fn s30_a_clock_that_goes_back_opens_no_sign_in_and_no_session_again() {
    let stage = Stage::enforcing("over").await.unwrap();
    let ann = stage.technician("ann").await.unwrap();
    let pending = stage.sign_in(ann.login()).await.unwrap();
    stage.product.advance(3_601).await.unwrap();
    refused(pending.api.sign_in(pending.id).await, ProblemType::NotSignedIn).unwrap();
    refused(ann.session.me().await, ProblemType::NotSignedIn).unwrap();
    for back in BACK {
        stage.product.advance(-back).await.unwrap();
        refused(pending.api.sign_in(pending.id).await, ProblemType::NotSignedIn).unwrap();
        refused(ann.session.me().await, ProblemType::NotSignedIn).unwrap();
    }
}

#[tokio::test]
async fn s30_a_clock_that_goes_back_makes_no_used_code_good_again() {
    let stage = Stage::enforcing("clock").await.unwrap();
    let mut ann = stage.technician("ann").await.unwrap();
    stage.into_next_step().await.unwrap();
    let pending = stage.sign_in(ann.login()).await.unwrap();
    let code = ann.next_code(&stage).await.unwrap();
    pending.verify(ProofKind::App, &code).await.unwrap();
    let pending = stage.sign_in(ann.login()).await.unwrap();
    // A step earlier the phone's window holds it; later ones don't.
    for (back, answer) in
        [(30, ProblemType::CodeUsed), (60, ProblemType::CodeRejected), (86_400, ProblemType::CodeRejected)]
    {
        stage.product.advance(-back).await.unwrap();
        refused(pending.verify(ProofKind::App, &code).await, answer).unwrap();
    }
}

#[tokio::test]
async fn s30_phones_work_on_after_a_clock_went_a_day_too_far_and_back() {
    let stage = Stage::enforcing("too-far").await.unwrap();
    let ann = stage.technician("ann").await.unwrap();
    let phone = stage.into_next_step().await.unwrap();
    stage.product.advance(86_400).await.unwrap();
    let pending = stage.sign_in(ann.login()).await.unwrap();
    stage.product.advance(-86_400).await.unwrap();
    let code = code_at(&ann.technician.secret, phone).unwrap();
    pending.verify(ProofKind::App, &code).await.unwrap();
    let pending = stage.sign_in(ann.login()).await.unwrap();
    refused(pending.verify(ProofKind::App, &code).await, ProblemType::CodeUsed).unwrap();
}

#[tokio::test]
async fn s30_a_clock_that_is_earlier_after_a_restart_revives_nothing_either() {
    let mut stage = Stage::enforcing("restart").await.unwrap();
    let ann = stage.technician("ann").await.unwrap();
    let pending = stage.sign_in(ann.login()).await.unwrap();
    let code = stage.sent_code(&pending, Method::Email, &ann.backup()).await.unwrap();
    stage.product.advance(310).await.unwrap();
    // What is recorded last in somebody's stream is the time that it goes on from.
    stage.sign_in(ann.login()).await.unwrap();
    stage.product.kill_and_restart().unwrap();
    let api = stage.product.api().unwrap().with_token(&pending.token);
    let verify = twostep_api::Verify { method: ProofKind::Email, code };
    refused(api.verify(pending.id, &verify).await, ProblemType::CodeExpired).unwrap();
}

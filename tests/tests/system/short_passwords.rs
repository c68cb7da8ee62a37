//! A password of 8 characters, chosen beside a second step, once that is no longer asked for (S32).

use twostep_api::{
    ChangePassword, Next, Policy, ProblemType, PutPolicy, RequestPasswordReset, ResetPassword, Technicians,
    Transition,
};
use twostep_client::Error;
use twostep_tests::harness::Product as _;
use twostep_tests::story::{Enrolled, Stage, password, refused, save_policy, sign_in};

/// Short, and a second step was there when it was chosen.
const SHORT: &str = "eight ch";

/// Long enough to stand alone.
const LONG: &str = "a phrase of more than fifteen";

/// Changes ann's password after a fresh proof.
async fn choose(stage: &Stage, ann: &mut Enrolled, old: &str, new: &str) {
    let session = ann.session.clone();
    ann.step_up(stage, &session).await.unwrap();
    let change = ChangePassword { old: old.to_owned(), new: new.to_owned() };
    session.change_password(&change).await.unwrap();
}

/// Nobody must verify any more, and whoever still does needn't.
async fn turn_off_for_all(stage: &Stage) {
    let shown = stage.holder.policy(stage.company).await.unwrap();
    let policy = Policy { technicians: Technicians::None, ..shown.value };
    let put = PutPolicy {
        policy,
        reason: "a test".to_owned(),
        transition: Transition::Lossless,
        turn_off_uncovered: true,
    };
    stage.holder.put_policy(stage.company, &shown.etag.unwrap(), &put).await.unwrap();
}

#[tokio::test]
async fn s32_a_short_password_never_becomes_all_that_is_asked() {
    let stage = Stage::enforcing("short").await.unwrap();
    let mut ann = stage.technician("ann").await.unwrap();
    let (login, first) = (ann.login().to_owned(), password(ann.login()));
    let api = stage.product.api().unwrap();
    choose(&stage, &mut ann, &first, SHORT).await;
    turn_off_for_all(&stage).await;
    assert_eq!(sign_in(&api, &login, SHORT).await.unwrap().next, Next::Verify);
    let session = ann.session.clone();
    ann.step_up(&stage, &session).await.unwrap();
    let Err(Error::Problem(problem)) = session.turn_off().await else { panic!("turned off") };
    assert_eq!(problem.kind, ProblemType::PasswordRefused);
    assert!(problem.detail.contains("at least 15 characters"), "{}", problem.detail);
    // The way on that the refusal names: then what the company decided holds for ann, too.
    choose(&stage, &mut ann, SHORT, LONG).await;
    assert_eq!(sign_in(&api, &login, LONG).await.unwrap().next, Next::SignedIn);
}

#[tokio::test]
async fn s32_a_short_password_turns_off_nothing_before_it_is_longer() {
    let stage = Stage::enforcing("own").await.unwrap();
    let mut ann = stage.technician("ann").await.unwrap();
    let first = password(ann.login());
    choose(&stage, &mut ann, &first, SHORT).await;
    save_policy(&stage.holder, stage.company, |policy| Policy { technicians: Technicians::None, ..policy })
        .await
        .unwrap();
    let session = ann.session.clone();
    ann.step_up(&stage, &session).await.unwrap();
    refused(session.turn_off().await, ProblemType::PasswordRefused).unwrap();
    choose(&stage, &mut ann, SHORT, LONG).await;
    ann.step_up(&stage, &session).await.unwrap();
    session.turn_off().await.unwrap();
}

#[tokio::test]
async fn s32_whoever_has_a_short_password_and_no_method_chooses_a_longer_one_first() {
    let stage = Stage::enforcing("none").await.unwrap();
    let token = stage.invite("bob").await.unwrap();
    let (api, login) = (stage.product.api().unwrap(), stage.login("bob"));
    let accept = twostep_api::AcceptInvitation { password: SHORT.to_owned() };
    api.accept_invitation(&token, &accept).await.unwrap();
    assert_eq!(sign_in(&api, &login, SHORT).await.unwrap().next, Next::SetUp);
    turn_off_for_all(&stage).await;
    let start = twostep_api::StartSignIn {
        company: None,
        login: login.clone(),
        password: SHORT.to_owned(),
        client: None,
    };
    refused(api.start_sign_in(&start).await, ProblemType::PasswordRefused).unwrap();
    let before = stage.last(&login).await.unwrap();
    let request = RequestPasswordReset { company: None, login: login.clone() };
    api.request_password_reset(&request).await.unwrap();
    let mail = stage.told(&login, before, "Choose a new password").await.unwrap();
    let link = mail.link_token().unwrap();
    let set = |password: &str| ResetPassword { password: password.to_owned() };
    refused(api.reset_password(&link, &set("only 14 chars!")).await, ProblemType::PasswordRefused).unwrap();
    api.reset_password(&link, &set(LONG)).await.unwrap();
    assert_eq!(sign_in(&api, &login, LONG).await.unwrap().next, Next::SignedIn);
}

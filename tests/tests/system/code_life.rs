//! How long mailed and texted codes live: as long as the policy says (S4).

use twostep_api::{
    ConfirmCode, ConfirmContact, Method, Policy, ProblemType, ProofKind, StartSetUp, VerifyEmail, VerifyPhone,
};
use twostep_client::Error;
use twostep_tests::harness::Product as _;
use twostep_tests::story::{Stage, refused, save_policy};

const NUMBER: &str = "+4915123456789";

/// A code asked for at `asked` is refused a second after its 60 are over.
async fn too_late(stage: &Stage) {
    stage.product.advance(61).await.unwrap();
}

/// Moves the clock to 58 s after `asked`, which leaves a slow machine two seconds for the request.
async fn just_in_time(stage: &Stage, asked: i64) {
    let now = stage.product.now().await.unwrap().timestamp();
    stage.product.advance(asked + 58 - now).await.unwrap();
}

async fn now(stage: &Stage) -> i64 {
    stage.product.now().await.unwrap().timestamp()
}

fn expired<T>(answer: Result<T, Error>) {
    refused(answer, ProblemType::CodeExpired).unwrap();
}

#[tokio::test]
async fn s4_codes_live_as_long_as_the_policy_says_at_sign_in_and_set_up() {
    let stage = Stage::enforcing("minute").await.unwrap();
    save_policy(&stage.holder, stage.company, |policy| Policy { code_life_seconds: 60, ..policy })
        .await
        .unwrap();
    let ann = stage.technician("ann").await.unwrap();

    let pending = stage.sign_in(ann.login()).await.unwrap();
    let code = stage.sent_code(&pending, Method::Email, &ann.backup()).await.unwrap();
    too_late(&stage).await;
    expired(pending.verify(ProofKind::Email, &code).await);
    let asked = now(&stage).await;
    let code = stage.sent_code(&pending, Method::Email, &ann.backup()).await.unwrap();
    just_in_time(&stage, asked).await;
    pending.verify(ProofKind::Email, &code).await.unwrap();

    let (login, _) = stage.hire("ben").await.unwrap();
    let api = stage.sign_in(&login).await.unwrap().api;
    api.start_set_up(&StartSetUp::default()).await.unwrap();
    let address = "backup.ben@minute.example";
    let mailed = async || {
        let before = stage.last(address).await.unwrap();
        api.set_up_email(&VerifyEmail { address: address.to_owned() }).await.unwrap();
        let mail = stage.inbox.next_that(address, before, |mail| mail.code.is_some()).await.unwrap();
        ConfirmContact { code: mail.code }
    };
    let typed = mailed().await;
    too_late(&stage).await;
    expired(api.confirm_email(&typed).await);
    let asked = now(&stage).await;
    let typed = mailed().await;
    just_in_time(&stage, asked).await;
    api.confirm_email(&typed).await.unwrap();

    let texted = async || {
        let before = stage.last(NUMBER).await.unwrap();
        api.set_up_phone(&VerifyPhone { number: NUMBER.to_owned() }).await.unwrap();
        let text = stage.inbox.next_that(NUMBER, before, |text| text.code.is_some()).await.unwrap();
        ConfirmCode { code: text.code.unwrap() }
    };
    let typed = texted().await;
    too_late(&stage).await;
    expired(api.confirm_phone(&typed).await);
    let asked = now(&stage).await;
    let typed = texted().await;
    just_in_time(&stage, asked).await;
    api.confirm_phone(&typed).await.unwrap();
}

//! A step of the set-up that is sent twice, by an impatient finger or a retry, is answered with the set-up as it stands.

use twostep_api::{
    ConfirmCode, ConfirmContact, Method, Policy, ProblemType, ProofKind, SetUp, StartSetUp, StepState,
    VerifyEmail, VerifyPhone,
};
use twostep_tests::harness::{Product as _, code_at};
use twostep_tests::story::{Browser, Stage, password, refused, save_policy};

/// A company whose people may use everything.
async fn company(slug: &str) -> Stage {
    let stage = Stage::enforcing(slug).await.unwrap();
    let backups = vec![ProofKind::Email, ProofKind::Sms];
    save_policy(&stage.holder, stage.company, |policy| Policy { primary: Method::App, backups, ..policy })
        .await
        .unwrap();
    stage
}

fn verified(set_up: &SetUp, kind: ProofKind) -> bool {
    set_up.steps.iter().any(|step| step.kind == kind && step.state == StepState::Verified)
}

#[tokio::test]
async fn a_step_that_is_done_can_be_sent_again() {
    let stage = company("twice").await;
    let (login, _) = stage.hire("ann").await.unwrap();
    let api = stage.sign_in(&login).await.unwrap().api;
    api.start_set_up(&StartSetUp::default()).await.unwrap();
    let secret = api.start_pairing().await.unwrap().secret;
    let now = stage.product.now().await.unwrap().timestamp();
    let confirm = ConfirmCode { code: code_at(&secret, now).unwrap() };
    for _ in 0..2 {
        assert!(verified(&api.confirm_pairing(&confirm).await.unwrap(), ProofKind::App));
    }
    // A new seed begins anew: the old code proves nothing of it.
    api.start_pairing().await.unwrap();
    refused(api.confirm_pairing(&confirm).await, ProblemType::CodeRejected).unwrap();

    let address = VerifyEmail { address: format!("backup.{login}") };
    api.set_up_email(&address).await.unwrap();
    let mail = stage.inbox.next_that(&address.address, 0, |mail| mail.code.is_some()).await.unwrap();
    for _ in 0..2 {
        let confirm = ConfirmContact { code: mail.code.clone() };
        assert!(verified(&api.confirm_email(&confirm).await.unwrap(), ProofKind::Email));
    }
    assert!(verified(&api.set_up_email(&address).await.unwrap(), ProofKind::Email));
    assert_eq!(stage.last(&address.address).await.unwrap(), mail.id, "a proven address was mailed again");
    let other = VerifyEmail { address: format!("other.{login}") };
    assert!(!verified(&api.set_up_email(&other).await.unwrap(), ProofKind::Email), "another address");

    let number = VerifyPhone { number: "+4915112345678".to_owned() };
    api.set_up_phone(&number).await.unwrap();
    let text = stage.inbox.next_that(&number.number, 0, |text| text.code.is_some()).await.unwrap();
    api.confirm_phone(&ConfirmCode { code: text.code.unwrap() }).await.unwrap();
    assert!(verified(&api.set_up_phone(&number).await.unwrap(), ProofKind::Sms));
}

#[tokio::test]
async fn a_page_of_the_set_up_that_is_sent_twice_leads_on_twice() {
    let stage = company("fingers").await;
    let (login, _) = stage.hire("ann").await.unwrap();
    let mut browser = Browser::new(&stage.product).unwrap();
    let prompt = browser.sign_in(&stage.slug, &login, &password(&login)).await.unwrap();
    let overview = browser.send(&prompt, "/set-up", &[]).await.unwrap();
    let pairing = browser.send(&overview, "/set-up/authenticator", &[]).await.unwrap();
    let (_, secret) = pairing.html.split_once("class=\"secret\">").unwrap();
    let secret = secret.split('<').next().unwrap().to_owned();
    let digits = browser.open("/set-up/authenticator/confirmation").await.unwrap();
    let now = stage.product.now().await.unwrap().timestamp();
    let code = code_at(&secret, now).unwrap();
    for _ in 0..2 {
        let page =
            browser.send(&digits, "/set-up/authenticator/confirmation", &[("code", &code)]).await.unwrap();
        assert!(page.says("Your authenticator app is paired"), "{}", page.html);
    }
    let address = format!("backup.{login}");
    let form = browser.open("/set-up/email").await.unwrap();
    let inbox = browser.send(&form, "/set-up/email", &[("address", &address)]).await.unwrap();
    let mail = stage.inbox.next_that(&address, 0, |mail| mail.code.is_some()).await.unwrap();
    let code = mail.code.unwrap();
    for _ in 0..2 {
        let page = browser.send(&inbox, "/set-up/email/confirmation", &[("code", &code)]).await.unwrap();
        assert!(page.says("Your e-mail address is confirmed"), "{}", page.html);
    }
    let page = browser.send(&form, "/set-up/email", &[("address", &address)]).await.unwrap();
    assert!(page.status == 200 && page.says("is confirmed") && !page.says("Sent again"), "{}", page.html);
    let page = browser.send(&inbox, "/set-up/email", &[]).await.unwrap();
    assert!(page.status == 200 && page.says("is confirmed") && !page.says("Sent again"), "{}", page.html);
}

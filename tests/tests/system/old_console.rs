//! Technician Consoles that know app and SMS only (fact 13): a method that they can show, or a clear word; never a skip.

use serde_json::json;
use twostep_api::{Client as Front, ClientKind, Method, Next, Policy, ProofKind};
use twostep_tests::harness::{Plain, Product as _};
use twostep_tests::story::{Stage, password, save_policy, with_a_mailbox};

/// What a console of 7.50.3572 says of itself.
fn old_console() -> Front {
    Front { kind: ClientKind::Console, version: Some("7.50.3572".to_owned()), capabilities: None }
}

async fn mail_and_paper(slug: &str) -> Stage {
    let stage = Stage::enforcing(slug).await.unwrap();
    let change = |policy| Policy { primary: Method::Email, backups: vec![ProofKind::Printed], ..policy };
    save_policy(&stage.holder, stage.company, change).await.unwrap();
    stage
}

#[tokio::test]
async fn an_old_console_gets_app_or_sms_whatever_the_company_prefers() {
    let stage = Stage::enforcing("prefers").await.unwrap();
    let mut ann = stage.technician("ann").await.unwrap();
    let change = |policy| Policy { primary: Method::Email, backups: vec![ProofKind::App], ..policy };
    save_policy(&stage.holder, stage.company, change).await.unwrap();
    assert_eq!(stage.sign_in(ann.login()).await.unwrap().methods[0], ProofKind::Email);
    let console = stage.sign_in_with(ann.login(), old_console()).await.unwrap();
    assert_eq!(console.methods[0], ProofKind::App);
    assert!(!console.methods.contains(&ProofKind::Email), "{:?}", console.methods);
    assert!(console.send(Method::Email).await.is_err(), "it sent a mail that this console can't ask for");
    let code = ann.next_code(&stage).await.unwrap();
    let done = console.verify(ProofKind::App, &code).await.unwrap();
    assert_eq!(done.next, Next::SignedIn);
}

#[tokio::test]
async fn an_old_console_takes_paper_of_somebody_whose_method_it_cannot_show() {
    let stage = mail_and_paper("paper").await;
    let (login, printed) = with_a_mailbox(&stage, "ann").await.unwrap();
    let console = stage.sign_in_with(&login, old_console()).await.unwrap();
    assert_eq!((console.next, &*console.methods), (Next::Verify, &[ProofKind::Printed][..]));
    console.verify(ProofKind::Printed, &printed[0]).await.unwrap();
}

#[tokio::test]
async fn a_console_that_can_show_none_of_the_methods_says_so_and_never_skips() {
    let stage = mail_and_paper("none").await;
    let (login, printed) = with_a_mailbox(&stage, "ann").await.unwrap();
    for code in &printed {
        let pending = stage.sign_in(&login).await.unwrap();
        pending.verify(ProofKind::Printed, code).await.unwrap();
    }
    let plain = Plain::new(&stage.product.url()).unwrap();
    let fronts = [
        None,
        Some(json!({ "kind": "console", "version": "7.50.3572" })),
        Some(json!({ "kind": "console", "capabilities": ["app", "sms"] })),
        Some(json!({ "kind": "console", "capabilities": [] })),
        Some(json!({ "kind": "web", "capabilities": ["app"] })),
    ];
    for front in fronts {
        let body =
            json!({ "company": "none", "login": login, "password": password(&login), "client": front });
        let answer = plain.post("/api/v1/sign-ins", None, &body.to_string()).await.unwrap();
        assert_eq!(answer.status, 422, "{front:?}: {}", answer.body);
        assert!(answer.body.contains("client-cannot-verify"), "{}", answer.body);
        assert!(!answer.body.contains("token"), "{}", answer.body);
        assert!(answer.body.contains("website"), "it doesn't say where else: {}", answer.body);
    }
    assert_eq!(stage.sign_in(&login).await.unwrap().methods, [ProofKind::Email]);
}

#[tokio::test]
async fn a_console_that_cannot_show_a_set_up_still_cannot_skip_it() {
    let stage = mail_and_paper("set-up").await;
    let (login, _) = stage.hire("ann").await.unwrap();
    let console = stage.sign_in_with(&login, old_console()).await.unwrap();
    assert_eq!(console.next, Next::SetUp);
    assert!(console.api.me().await.is_err(), "a set-up that was skipped");
    assert!(console.api.sessions().await.is_err());
}

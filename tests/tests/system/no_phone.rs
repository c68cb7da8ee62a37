//! Agents without a mobile device (fact 16): a desktop app or a mailbox, and codes on paper.

use serde_json::json;
use twostep_api::{
    ConfirmCode, ConfirmContact, Method, Next, Policy, ProofKind, SetUp, StartSetUp, StepRole, VerifyEmail,
};
use twostep_tests::harness::{Product as _, code_at};
use twostep_tests::story::{Browser, Page, Pending, Stage, password, save_policy};

/// A company without text messages: paper is the backup.
async fn company(slug: &str, primary: Method) -> Stage {
    let stage = Stage::enforcing(slug).await.unwrap();
    let backups = vec![ProofKind::Printed];
    save_policy(&stage.holder, stage.company, |policy| Policy { primary, backups, ..policy }).await.unwrap();
    stage
}

/// The set-up of whoever `pending` is: one primary, and paper as the only backup.
async fn begun(pending: &Pending, primary: Method) -> SetUp {
    assert_eq!(pending.next, Next::SetUp);
    let set_up = pending.api.start_set_up(&StartSetUp::default()).await.unwrap();
    assert_eq!((set_up.primary, &*set_up.backups), (primary, &[ProofKind::Printed][..]));
    set_up
}

/// Prints the backup and activates; gives the codes and the session's token.
async fn print_and_activate(pending: &Pending) -> (Vec<String>, String) {
    assert!(!pending.api.set_up().await.unwrap().ready, "ready without a backup");
    let printed = pending.api.make_recovery_codes().await.unwrap().codes;
    let shown = pending.api.set_up().await.unwrap();
    let backup = shown.steps.iter().find(|step| step.kind == ProofKind::Printed).unwrap();
    assert!(shown.ready && backup.role == StepRole::Backup, "{:?}", shown.steps);
    let activated = pending.api.activate().await.unwrap();
    assert!(activated.recovery_codes.is_empty(), "the codes are shown at their step, and once");
    (printed, activated.token.unwrap())
}

#[tokio::test]
async fn with_a_mailbox_and_paper_nobody_needs_a_phone() {
    let stage = company("mailbox", Method::Email).await;
    let (login, _) = stage.hire("ann").await.unwrap();
    let pending = stage.sign_in(&login).await.unwrap();
    begun(&pending, Method::Email).await;
    let before = stage.last(&login).await.unwrap();
    pending.api.set_up_email(&VerifyEmail { address: login.clone() }).await.unwrap();
    let mail = stage.inbox.next_that(&login, before, |mail| mail.code.is_some()).await.unwrap();
    pending.api.confirm_email(&ConfirmContact { code: mail.code }).await.unwrap();
    let (printed, _) = print_and_activate(&pending).await;

    let pending = stage.sign_in(&login).await.unwrap();
    assert_eq!(pending.methods, [ProofKind::Email, ProofKind::Printed]);
    let code = stage.sent_code(&pending, Method::Email, &login).await.unwrap();
    pending.verify(ProofKind::Email, &code).await.unwrap();

    let away = json!({ "mail": [{ "stage": "rcpt", "reply": 450 }] });
    stage.inbox.misbehave(&away).await.unwrap();
    paper_alone(&stage, &login, &printed).await;
    assert!(stage.inbox.texts().await.unwrap().is_empty(), "a text message was sent");
}

/// The mailbox is away: codes of paper sign in until three are left; then the page offers new ones, and not before (S9).
async fn paper_alone(stage: &Stage, login: &str, printed: &[String]) {
    let mut session = None;
    for (used, code) in printed[..5].iter().enumerate() {
        let pending = stage.sign_in(login).await.unwrap();
        if used == 0 {
            pending.send(Method::Email).await.unwrap();
        }
        let done = pending.verify(ProofKind::Printed, code).await.unwrap();
        assert!(!done.edit_suggested, "paper is the backup that was chosen");
        let api = stage.product.api().unwrap().with_token(&done.token.unwrap());
        assert_eq!(usize::from(api.me().await.unwrap().recovery_codes_left), 9 - used);
        session = Some(api);
    }
    let account = on_the_page(stage, login, &printed[5]).await;
    assert!(account.says("4 printed codes are left") && !account.says("make new ones"), "{account:?}");
    let account = on_the_page(stage, login, &printed[6]).await;
    assert!(account.says("Only 3 printed codes are left: make new ones."), "{account:?}");

    let new = session.unwrap().make_recovery_codes().await.unwrap().codes;
    let pending = stage.sign_in(login).await.unwrap();
    let old = pending.verify(ProofKind::Printed, &printed[8]).await;
    twostep_tests::story::refused(old, twostep_api::ProblemType::CodeRejected).unwrap();
    pending.verify(ProofKind::Printed, &new[0]).await.unwrap();
}

/// Signs in on the website with a printed code that is the chosen backup: it leads to the account.
async fn on_the_page(stage: &Stage, login: &str, code: &str) -> Page {
    let mut browser = Browser::new(&stage.product).unwrap();
    let dialog = browser.sign_in(&stage.slug, login, &password(login)).await.unwrap();
    let dialog = browser.open(&format!("{}?method=printed", dialog.at)).await.unwrap();
    let verifications = format!("{}/verifications", dialog.at.split('?').next().unwrap());
    let account = browser.send(&dialog, &verifications, &[("code", code)]).await.unwrap();
    assert_eq!(account.at, "/account");
    account
}

#[tokio::test]
async fn with_a_desktop_app_and_paper_nobody_needs_a_phone() {
    let stage = company("desktop", Method::App).await;
    let (login, _) = stage.hire("ann").await.unwrap();
    let pending = stage.sign_in(&login).await.unwrap();
    begun(&pending, Method::App).await;
    // Typed, not scanned: a desktop has no camera to point at itself.
    let secret = pending.api.start_pairing().await.unwrap().secret;
    let now = stage.into_next_step().await.unwrap();
    pending.api.confirm_pairing(&ConfirmCode { code: code_at(&secret, now).unwrap() }).await.unwrap();
    let (printed, _) = print_and_activate(&pending).await;

    let now = stage.into_next_step().await.unwrap();
    let pending = stage.sign_in(&login).await.unwrap();
    assert_eq!(pending.methods, [ProofKind::App, ProofKind::Printed]);
    pending.verify(ProofKind::App, &code_at(&secret, now).unwrap()).await.unwrap();
    let pending = stage.sign_in(&login).await.unwrap();
    pending.verify(ProofKind::Printed, &printed[0].to_lowercase()).await.unwrap();
    assert!(stage.inbox.texts().await.unwrap().is_empty(), "a text message was sent");
}

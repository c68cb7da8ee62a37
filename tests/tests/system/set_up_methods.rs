//! Every combination of methods that a policy can ask for: set up with what arrives, then used.

use std::collections::BTreeMap;

use twostep_api::{
    ConfirmCode, ConfirmContact, Method, Next, Policy, ProblemType, ProofKind, StartSetUp, StepRole,
    VerifyEmail, VerifyPhone,
};
use twostep_client::Client;
use twostep_tests::harness::{Product as _, code_at};
use twostep_tests::story::{Pending, Stage, refused, save_policy};

/// Each primary method, as proof, and the backups that it can have.
const TABLE: [(Method, ProofKind, [ProofKind; 3]); 3] = [
    (Method::App, ProofKind::App, [ProofKind::Sms, ProofKind::Email, ProofKind::Printed]),
    (Method::Sms, ProofKind::Sms, [ProofKind::App, ProofKind::Email, ProofKind::Printed]),
    (Method::Email, ProofKind::Email, [ProofKind::App, ProofKind::Sms, ProofKind::Printed]),
];

/// Somebody with all that methods need in the world: a mailbox, a phone, an app, and paper.
struct Somebody {
    address: String,
    number: String,
    secret: String,
    paper: Vec<String>,
}

impl Somebody {
    /// Proves `kind` in the set-up under way.
    async fn prove(&mut self, stage: &Stage, api: &Client, kind: ProofKind) {
        match kind {
            ProofKind::App => {
                self.secret = api.start_pairing().await.unwrap().secret;
                let now = stage.into_next_step().await.unwrap();
                let code = code_at(&self.secret, now).unwrap();
                api.confirm_pairing(&ConfirmCode { code }).await.unwrap();
            }
            ProofKind::Sms => {
                api.set_up_phone(&VerifyPhone { number: self.number.clone() }).await.unwrap();
                let text = stage.inbox.next_that(&self.number, 0, |text| text.code.is_some()).await.unwrap();
                api.confirm_phone(&ConfirmCode { code: text.code.unwrap() }).await.unwrap();
            }
            ProofKind::Email => {
                api.set_up_email(&VerifyEmail { address: self.address.clone() }).await.unwrap();
                let mail = stage.inbox.next_that(&self.address, 0, |mail| mail.code.is_some()).await.unwrap();
                api.confirm_email(&ConfirmContact { code: mail.code }).await.unwrap();
            }
            ProofKind::Printed => self.paper = api.make_recovery_codes().await.unwrap().codes,
        }
    }

    /// The code that `kind` gives for `pending`.
    async fn code(&self, stage: &Stage, pending: &Pending, kind: ProofKind) -> String {
        match kind {
            ProofKind::App => code_at(&self.secret, stage.into_next_step().await.unwrap()).unwrap(),
            ProofKind::Sms => stage.sent_code(pending, Method::Sms, &self.number).await.unwrap(),
            ProofKind::Email => stage.sent_code(pending, Method::Email, &self.address).await.unwrap(),
            ProofKind::Printed => self.paper[0].clone(),
        }
    }
}

#[tokio::test]
async fn every_primary_method_is_set_up_with_every_backup_and_both_sign_in() {
    let stage = Stage::enforcing("nine").await.unwrap();
    let mut number = 15_123_456_000_u64;
    for (method, primary, backups) in TABLE {
        for backup in backups {
            let asked = |policy| Policy { primary: method, backups: vec![backup], ..policy };
            save_policy(&stage.holder, stage.company, asked).await.unwrap();
            let (login, _) = stage.hire(&format!("person{number}")).await.unwrap();
            let mut somebody = Somebody {
                address: format!("second.{login}"),
                number: format!("+49{number}"),
                secret: String::new(),
                paper: Vec::new(),
            };
            set_up(&stage, &login, &mut somebody, [primary, backup]).await;
            // A number or an address takes no second code within 30 s.
            stage.product.advance(31).await.unwrap();
            for kind in [primary, backup] {
                let pending = stage.sign_in(&login).await.unwrap();
                let both = pending.methods.contains(&primary) && pending.methods.contains(&backup);
                assert!(
                    pending.next == Next::Verify && both,
                    "{primary:?}, {backup:?}: {:?}",
                    pending.methods
                );
                let code = somebody.code(&stage, &pending, kind).await;
                let done = pending.verify(kind, &code).await.unwrap();
                assert_eq!(done.next, Next::SignedIn, "{primary:?}, {backup:?}: by {kind:?}");
            }
            number += 1;
        }
    }
}

/// The set-up at the next sign-in, with `primary` and `backup`, from what the policy asks to the session.
async fn set_up(stage: &Stage, login: &str, somebody: &mut Somebody, [primary, backup]: [ProofKind; 2]) {
    let pending = stage.sign_in(login).await.unwrap();
    assert_eq!(pending.next, Next::SetUp);
    let asked = pending.api.start_set_up(&StartSetUp::default()).await.unwrap();
    assert_eq!(asked.backups, [backup]);
    somebody.prove(stage, &pending.api, primary).await;
    refused(pending.api.activate().await, ProblemType::Conflict).unwrap();
    somebody.prove(stage, &pending.api, backup).await;
    let shown = pending.api.set_up().await.unwrap();
    let roles: BTreeMap<_, _> = shown.steps.iter().map(|step| (step.kind, step.role)).collect();
    let both = [(primary, StepRole::Primary), (backup, StepRole::Backup)].into_iter().collect();
    assert!(shown.ready && roles == both, "{primary:?}, {backup:?}: {:?}", shown.steps);
    assert!(pending.api.activate().await.unwrap().token.is_some(), "{primary:?}, {backup:?}: no session");
}

#[tokio::test]
async fn after_pairing_again_the_new_app_signs_in_and_the_old_one_does_not() {
    let stage = Stage::enforcing("again").await.unwrap();
    let mut ann = stage.technician("ann").await.unwrap();
    let old = ann.technician.secret.clone();
    let edit = ann.session.clone();
    edit.start_set_up(&StartSetUp::default()).await.unwrap();
    let new = edit.start_pairing().await.unwrap().secret;
    let now = stage.into_next_step().await.unwrap();
    edit.confirm_pairing(&ConfirmCode { code: code_at(&new, now).unwrap() }).await.unwrap();
    // Until *Activate*, the old one is hers.
    let pending = stage.sign_in(ann.login()).await.unwrap();
    refused(pending.verify(ProofKind::App, &code_at(&new, now).unwrap()).await, ProblemType::CodeRejected)
        .unwrap();
    let code = ann.next_code(&stage).await.unwrap();
    pending.verify(ProofKind::App, &code).await.unwrap();
    edit.activate().await.unwrap();

    let now = stage.into_next_step().await.unwrap();
    let pending = stage.sign_in(ann.login()).await.unwrap();
    refused(pending.verify(ProofKind::App, &code_at(&old, now).unwrap()).await, ProblemType::CodeRejected)
        .unwrap();
    pending.verify(ProofKind::App, &code_at(&new, now).unwrap()).await.unwrap();
}

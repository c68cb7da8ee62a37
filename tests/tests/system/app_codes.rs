//! Codes of authenticator apps and the seeds behind them.

use twostep_api::{
    Branding, ClientKind, ConfirmCode, ConfirmContact, Method, Next, ProblemType, ProofKind, StartSetUp,
    VerifyEmail,
};
use twostep_tests::harness::{Plain, Product as _, code_at};
use twostep_tests::story::{Latest, Pending, Stage, front, refused};

#[tokio::test]
async fn s1_a_used_app_code_is_refused_at_sign_in_step_up_console_and_after_a_restart() {
    let mut stage = Stage::enforcing("used").await.unwrap();
    let mut ann = stage.technician("ann").await.unwrap();
    let paired = code_at(&ann.technician.secret, ann.technician.used.timestamp()).unwrap();
    let pending = stage.sign_in(ann.login()).await.unwrap();
    // It isn't a guess either: the third one would delay, the fifth would kill what a sent code hangs on.
    for _ in 0..6 {
        refused(pending.verify(ProofKind::App, &paired).await, ProblemType::CodeUsed).unwrap();
    }
    let first = ann.next_code(&stage).await.unwrap();
    let token = pending.verify(ProofKind::App, &first).await.unwrap().token.unwrap();
    let session = stage.product.api().unwrap().with_token(&token);
    let step_up = stage.step_up(&session).await.unwrap();
    refused(step_up.verify(ProofKind::App, &first).await, ProblemType::CodeUsed).unwrap();
    let console = front(ClientKind::Console, &[Method::App]);
    let console = stage.sign_in_with(ann.login(), console).await.unwrap();
    refused(console.verify(ProofKind::App, &first).await, ProblemType::CodeUsed).unwrap();

    stage.product.kill_and_restart().unwrap();
    // Connections of before are dead.
    let anew = stage.product.api().unwrap();
    let console = Pending { api: anew.with_token(&console.token), ..console };
    let step_up = Pending { api: anew.with_token(&token), ..step_up };
    refused(console.verify(ProofKind::App, &first).await, ProblemType::CodeUsed).unwrap();
    let second = ann.next_code(&stage).await.unwrap();
    step_up.verify(ProofKind::App, &second).await.unwrap();
    refused(console.verify(ProofKind::App, &second).await, ProblemType::CodeUsed).unwrap();
    let website = stage.sign_in(ann.login()).await.unwrap();
    refused(website.verify(ProofKind::App, &second).await, ProblemType::CodeUsed).unwrap();
}

#[tokio::test]
async fn s1_an_app_code_counts_one_step_early_or_late_and_no_further() {
    let stage = Stage::enforcing("window").await.unwrap();
    let ann = stage.technician("ann").await.unwrap();
    let at = |seconds| code_at(&ann.technician.secret, seconds).unwrap();
    stage.product.advance(300).await.unwrap();
    let now = stage.into_next_step().await.unwrap();
    let pending = stage.sign_in(ann.login()).await.unwrap();
    refused(pending.verify(ProofKind::App, &at(now - 60)).await, ProblemType::CodeRejected).unwrap();
    refused(pending.verify(ProofKind::App, &at(now + 60)).await, ProblemType::CodeRejected).unwrap();
    pending.verify(ProofKind::App, &at(now + 30)).await.unwrap();
    // The early code used up those before it.
    let again = stage.sign_in(ann.login()).await.unwrap();
    for earlier in [now - 30, now] {
        refused(again.verify(ProofKind::App, &at(earlier)).await, ProblemType::CodeUsed).unwrap();
    }
    stage.product.advance(90).await.unwrap();
    again.verify(ProofKind::App, &at(now + 60)).await.unwrap();
}

#[tokio::test]
async fn s2_a_seed_is_shown_once_and_a_new_one_kills_the_old() {
    let stage = Stage::enforcing("seed").await.unwrap();
    let (login, _) = stage.hire("ann").await.unwrap();
    let pending = stage.sign_in(&login).await.unwrap();
    pending.api.start_set_up(&StartSetUp::default()).await.unwrap();
    let old = pending.api.start_pairing().await.unwrap().secret;
    let new = pending.api.start_pairing().await.unwrap().secret;
    assert_ne!(old, new);
    assert_eq!(new.replace(' ', "").len(), 32, "160 bits are 32 characters of base32");
    let now = stage.into_next_step().await.unwrap();
    let typed = |secret: &str| ConfirmCode { code: code_at(secret, now).unwrap() };
    refused(pending.api.confirm_pairing(&typed(&old)).await, ProblemType::CodeRejected).unwrap();
    let plain = Plain::new(&stage.product.url()).unwrap();
    let waiting = plain.send(reqwest::Method::GET, "/api/v1/set-up", Some(&pending.token)).await.unwrap();
    pending.api.confirm_pairing(&typed(&new)).await.unwrap();
    let done = plain.send(reqwest::Method::GET, "/api/v1/set-up", Some(&pending.token)).await.unwrap();
    for answer in [waiting, done] {
        assert_eq!(answer.status, 200);
        let squeezed = answer.body.replace(' ', "");
        assert!(!squeezed.contains(&new.replace(' ', "")), "the seed is shown again");
    }
}

#[tokio::test]
async fn s2_an_unconfirmed_seed_dies_after_ten_minutes_and_a_set_up_after_sixty() {
    let stage = Stage::enforcing("dies").await.unwrap();
    let (login, _) = stage.hire("ann").await.unwrap();
    let pending = stage.sign_in(&login).await.unwrap();
    pending.api.start_set_up(&StartSetUp::default()).await.unwrap();
    let late = pending.api.start_pairing().await.unwrap().secret;
    let now = stage.product.advance(601).await.unwrap();
    let typed = ConfirmCode { code: code_at(&late, now.timestamp()).unwrap() };
    refused(pending.api.confirm_pairing(&typed).await, ProblemType::CodeExpired).unwrap();
    let secret = pair(&stage, &pending).await;
    let address = format!("backup.{login}");
    pending.api.set_up_email(&VerifyEmail { address: address.clone() }).await.unwrap();
    let mail = stage.inbox.next_that(&address, 0, |mail| mail.code.is_some()).await.unwrap();
    pending.api.confirm_email(&ConfirmContact { code: mail.code }).await.unwrap();

    // Proven but not activated: nothing of it counts, and another sign-in sees nothing of it.
    let other = stage.sign_in(&login).await.unwrap();
    assert_eq!(other.next, Next::SetUp);
    refused(other.api.set_up().await, ProblemType::NotFound).unwrap();
    let now = stage.product.advance(30).await.unwrap();
    let code = code_at(&secret, now.timestamp()).unwrap();
    refused(other.verify(ProofKind::App, &code).await, ProblemType::Conflict).unwrap();
    let empty = other.api.start_set_up(&StartSetUp::default()).await.unwrap();
    assert!(empty.steps.is_empty() && !empty.ready);
    refused(other.api.activate().await, ProblemType::Conflict).unwrap();

    stage.product.advance(61 * 60).await.unwrap();
    refused(pending.api.activate().await, ProblemType::NotSignedIn).unwrap();
    let later = stage.sign_in(&login).await.unwrap();
    assert_eq!(later.next, Next::SetUp);
    assert!(later.api.start_set_up(&StartSetUp::default()).await.unwrap().steps.is_empty());
}

#[tokio::test]
async fn s3_the_uri_names_the_company_s_account_and_the_login() {
    let stage = Stage::enforcing("uri").await.unwrap();
    let branding = |account: &str| Branding {
        product_name: "Rescue".to_owned(),
        account_name: account.to_owned(),
        sender_name: "Rescue".to_owned(),
    };
    let colon = stage.holder.save_branding(stage.company, &branding("Acme: Rescue")).await;
    refused(colon, ProblemType::InvalidFields).unwrap();
    stage.holder.save_branding(stage.company, &branding("Acme Rescue")).await.unwrap();
    let (login, _) = stage.hire("ann").await.unwrap();
    let pending = stage.sign_in(&login).await.unwrap();
    pending.api.start_set_up(&StartSetUp::default()).await.unwrap();
    let pairing = pending.api.start_pairing().await.unwrap();
    let (label, query) = pairing.uri.split_once('?').unwrap();
    let login = login.replace('@', "%40");
    assert_eq!(label, format!("otpauth://totp/Acme%20Rescue:{login}"));
    let parameters: Vec<_> = query.split('&').collect();
    let secret = format!("secret={}", pairing.secret.replace(' ', ""));
    assert!(parameters.contains(&&*secret) && !secret[7..].contains('='), "no padding: {}", secret.len());
    assert!(parameters.contains(&"issuer=Acme%20Rescue") && !query.contains('+'));
}

#[tokio::test]
async fn s4_app_codes_have_no_five_tries_only_the_delays_of_every_failure() {
    let stage = Stage::enforcing("sixth").await.unwrap();
    let mut ann = stage.technician("ann").await.unwrap();
    let pending = stage.sign_in(ann.login()).await.unwrap();
    for failures in 0..6_u32 {
        let wrong = ann.wrong_code(&stage).await.unwrap();
        refused(pending.verify(ProofKind::App, &wrong).await, ProblemType::CodeRejected).unwrap();
        if let Some(doublings) = (failures + 1).checked_sub(3) {
            stage.product.advance((1_i64 << doublings) + 1).await.unwrap();
        }
    }
    let right = ann.next_code(&stage).await.unwrap();
    pending.verify(ProofKind::App, &right).await.unwrap();
}

/// Pairs an app; gives its secret.
async fn pair(stage: &Stage, pending: &Pending) -> String {
    let secret = pending.api.start_pairing().await.unwrap().secret;
    let now = stage.product.now().await.unwrap();
    let typed = ConfirmCode { code: code_at(&secret, now.timestamp()).unwrap() };
    pending.api.confirm_pairing(&typed).await.unwrap();
    secret
}

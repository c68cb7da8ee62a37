//! Changing what somebody verifies with, and whom that is told.

use twostep_api::{
    Branding, ChangePassword, ConfirmCode, ConfirmContact, Method, Next, Policy, ProblemType, ProofKind,
    RequestPasswordReset, ResetPassword, StartSetUp, StepState, VerifyEmail,
};
use twostep_client::Client;
use twostep_tests::harness::{Product as _, code_at};
use twostep_tests::story::{Latest, Stage, password, refused, save_policy};

/// Proves `address` in the set-up under way.
async fn prove_address(stage: &Stage, api: &Client, address: &str) {
    let before = stage.last(address).await.unwrap();
    api.set_up_email(&VerifyEmail { address: address.to_owned() }).await.unwrap();
    let mail = stage.inbox.next_that(address, before, |mail| mail.code.is_some()).await.unwrap();
    api.confirm_email(&ConfirmContact { code: mail.code }).await.unwrap();
}

#[tokio::test]
async fn s18_changing_methods_or_password_needs_a_proof_of_the_last_five_minutes() {
    let stage = Stage::enforcing("fresh").await.unwrap();
    let mut ann = stage.technician("ann").await.unwrap();
    let session = ann.session.clone();
    let change = ChangePassword { old: password(ann.login()), new: "an entirely new phrase".to_owned() };
    stage.product.advance(301).await.unwrap();
    let due = ProblemType::StepUpRequired;
    refused(session.start_set_up(&StartSetUp::default()).await, due).unwrap();
    refused(session.make_recovery_codes().await, due).unwrap();
    refused(session.change_password(&change).await, due).unwrap();
    ann.step_up(&stage, &session).await.unwrap();
    session.start_set_up(&StartSetUp::default()).await.unwrap();
    // An edit that waited too long waits on for a proof, but not for ever.
    prove_address(&stage, &session, "new.ann@fresh.example").await;
    stage.product.advance(301).await.unwrap();
    refused(session.activate().await, due).unwrap();
    ann.step_up(&stage, &session).await.unwrap();
    session.activate().await.unwrap();
    session.start_set_up(&StartSetUp::default()).await.unwrap();
    stage.product.advance(15 * 60).await.unwrap();
    ann.step_up(&stage, &session).await.unwrap();
    refused(session.activate().await, ProblemType::Conflict).unwrap();
    session.start_set_up(&StartSetUp::default()).await.unwrap();
    session.change_password(&change).await.unwrap();
    // A proof is good for one change of password.
    let back = ChangePassword { old: change.new.clone(), new: "yet another new phrase".to_owned() };
    refused(session.change_password(&back).await, due).unwrap();
    // Nobody covered turns it off, whatever they prove.
    ann.step_up(&stage, &session).await.unwrap();
    refused(session.turn_off().await, ProblemType::Conflict).unwrap();
}

#[tokio::test]
async fn s18_a_new_address_counts_once_its_code_came_back_and_the_old_one_is_told() {
    let stage = Stage::enforcing("address").await.unwrap();
    let mut ann = stage.technician("ann").await.unwrap();
    let (session, old) = (ann.session.clone(), ann.backup());
    let new = "new.ann@address.example";
    session.start_set_up(&StartSetUp::default()).await.unwrap();
    session.set_up_email(&VerifyEmail { address: new.to_owned() }).await.unwrap();
    // Not proven: a code for the sign-in still goes to the old address.
    let pending = stage.sign_in(ann.login()).await.unwrap();
    let code = stage.sent_code(&pending, Method::Email, &old).await.unwrap();
    pending.verify(ProofKind::Email, &code).await.unwrap();
    let told = stage.last(&old).await.unwrap();
    let owner = stage.last(ann.login()).await.unwrap();
    stage.product.advance(31).await.unwrap();
    ann.step_up(&stage, &session).await.unwrap();
    session.start_set_up(&StartSetUp::default()).await.unwrap();
    prove_address(&stage, &session, new).await;
    session.activate().await.unwrap();
    stage.told(&old, told, "Your verification methods").await.unwrap();
    stage.told(ann.login(), owner, "Your verification methods").await.unwrap();
    let pending = stage.sign_in(ann.login()).await.unwrap();
    let code = stage.sent_code(&pending, Method::Email, new).await.unwrap();
    pending.verify(ProofKind::Email, &code).await.unwrap();
}

#[tokio::test]
async fn s18_the_mailbox_that_reset_the_password_is_no_second_step() {
    let stage = Stage::enforcing("mailbox").await.unwrap();
    let backups = vec![ProofKind::Email, ProofKind::Printed];
    save_policy(&stage.holder, stage.company, |policy| Policy { backups, ..policy }).await.unwrap();
    // Ann's backup address is her work address.
    let (login, _) = stage.hire("ann").await.unwrap();
    let pending = stage.sign_in(&login).await.unwrap();
    let api = &pending.api;
    api.start_set_up(&StartSetUp::default()).await.unwrap();
    let secret = api.start_pairing().await.unwrap().secret;
    let now = stage.product.now().await.unwrap().timestamp();
    api.confirm_pairing(&ConfirmCode { code: code_at(&secret, now).unwrap() }).await.unwrap();
    prove_address(&stage, api, &login).await;
    api.activate().await.unwrap();

    let nobody = stage.product.api().unwrap();
    reset_by_mail(&stage, &login).await;

    // The methods are all there still, but the mailbox doesn't count here.
    stage.product.advance(30).await.unwrap();
    let pending = stage.sign_in(&login).await.unwrap();
    assert_eq!(pending.next, Next::Verify);
    assert!(!pending.methods.contains(&ProofKind::Email), "{:?}", pending.methods);
    refused(pending.send(Method::Email).await, ProblemType::InvalidFields).unwrap();
    let now = stage.product.now().await.unwrap().timestamp();
    let done = pending.verify(ProofKind::App, &code_at(&secret, now).unwrap()).await.unwrap();
    let session = nobody.with_token(&done.token.unwrap());
    let kinds: Vec<_> = session.me().await.unwrap().methods.iter().map(|method| method.kind).collect();
    assert!(kinds.contains(&ProofKind::App) && kinds.contains(&ProofKind::Email), "{kinds:?}");
    // A step-up in that session doesn't take it either.
    assert!(!stage.step_up(&session).await.unwrap().methods.contains(&ProofKind::Email));

    // Whoever owns only the mailbox waits in vain.
    reset_by_mail(&stage, &login).await;
    stage.product.advance(2 * 86_400).await.unwrap();
    let pending = stage.sign_in(&login).await.unwrap();
    assert!(!pending.methods.contains(&ProofKind::Email), "{:?}", pending.methods);
    refused(pending.send(Method::Email).await, ProblemType::InvalidFields).unwrap();
    let now = stage.into_next_step().await.unwrap();
    pending.verify(ProofKind::App, &code_at(&secret, now).unwrap()).await.unwrap();
    assert!(stage.sign_in(&login).await.unwrap().methods.contains(&ProofKind::Email));
}

async fn reset_by_mail(stage: &Stage, login: &str) {
    let before = stage.last(login).await.unwrap();
    let nobody = stage.product.api().unwrap();
    let request = RequestPasswordReset { company: None, login: login.to_owned() };
    nobody.request_password_reset(&request).await.unwrap();
    let mail = stage.told(login, before, "Choose a new password").await.unwrap();
    let token = mail.link_token().unwrap();
    nobody.reset_password(&token, &ResetPassword { password: password(login) }).await.unwrap();
}

#[tokio::test]
async fn s18_turning_it_off_needs_a_proof_and_every_contact_is_told() {
    let stage = Stage::open("off").await.unwrap();
    let (login, _) = stage.hire("ann").await.unwrap();
    let api = stage.sign_in(&login).await.unwrap().api;
    api.start_set_up(&StartSetUp::default()).await.unwrap();
    let secret = api.start_pairing().await.unwrap().secret;
    let now = stage.product.now().await.unwrap().timestamp();
    api.confirm_pairing(&ConfirmCode { code: code_at(&secret, now).unwrap() }).await.unwrap();
    let address = "backup.ann@off.example";
    prove_address(&stage, &api, address).await;
    api.activate().await.unwrap();
    // The policy only adds: whoever is set up is asked, covered or not.
    let pending = stage.sign_in(&login).await.unwrap();
    assert_eq!(pending.next, Next::Verify);
    let now = stage.product.advance(301).await.unwrap().timestamp();
    refused(api.turn_off().await, ProblemType::StepUpRequired).unwrap();
    let step_up = stage.step_up(&api).await.unwrap();
    step_up.verify(ProofKind::App, &code_at(&secret, now).unwrap()).await.unwrap();
    let told = (stage.last(&login).await.unwrap(), stage.last(address).await.unwrap());
    api.turn_off().await.unwrap();
    stage.told(&login, told.0, "Two-step verification is off").await.unwrap();
    stage.told(address, told.1, "Two-step verification is off").await.unwrap();
    // A sign-in that was waiting for a code of what is gone is over with it.
    refused(pending.api.sign_in(pending.id).await, ProblemType::NotSignedIn).unwrap();
    assert_eq!(stage.sign_in(&login).await.unwrap().next, Next::SignedIn);
}

#[tokio::test]
async fn s18_an_administrator_who_has_a_method_proves_it_again_after_fifteen_minutes() {
    let stage = Stage::open("admin").await.unwrap();
    let branding = |name: &str| Branding {
        product_name: name.to_owned(),
        account_name: name.to_owned(),
        sender_name: name.to_owned(),
    };
    let api = &stage.holder;
    api.save_branding(stage.company, &branding("One")).await.unwrap();
    api.start_set_up(&StartSetUp::default()).await.unwrap();
    let secret = api.start_pairing().await.unwrap().secret;
    let now = stage.product.now().await.unwrap().timestamp();
    api.confirm_pairing(&ConfirmCode { code: code_at(&secret, now).unwrap() }).await.unwrap();
    api.make_recovery_codes().await.unwrap();
    api.activate().await.unwrap();
    api.save_branding(stage.company, &branding("Two")).await.unwrap();
    stage.product.advance(14 * 60).await.unwrap();
    api.save_branding(stage.company, &branding("After fourteen minutes")).await.unwrap();
    stage.product.advance(2 * 60).await.unwrap();
    let due = ProblemType::StepUpRequired;
    refused(api.save_branding(stage.company, &branding("Three")).await, due).unwrap();
    let (policy, etag) = api.policy(stage.company).await.map(|it| (it.value, it.etag.unwrap())).unwrap();
    let put = twostep_api::PutPolicy {
        policy: Policy { admins: true, ..policy },
        reason: String::new(),
        transition: twostep_api::Transition::Lossless,
        turn_off_uncovered: false,
    };
    refused(api.put_policy(stage.company, &etag, &put).await, due).unwrap();
    let now = stage.product.now().await.unwrap().timestamp();
    let step_up = stage.step_up(api).await.unwrap();
    step_up.verify(ProofKind::App, &code_at(&secret, now).unwrap()).await.unwrap();
    api.save_branding(stage.company, &branding("Three")).await.unwrap();
}

#[tokio::test]
async fn s9_ten_printed_codes_work_once_each_however_they_are_typed() {
    let stage = Stage::enforcing("printed").await.unwrap();
    let mut ann = stage.technician("ann").await.unwrap();
    let codes = ann.recovery.clone();
    let distinct: std::collections::BTreeSet<_> = codes.iter().collect();
    assert_eq!(distinct.len(), 10);
    for code in &codes {
        // 24 characters of 5 bits: 120.
        let groups: Vec<_> = code.split('-').collect();
        assert!(groups.len() == 6 && groups.iter().all(|group| group.len() == 4), "{code}");
    }
    let before = stage.last(ann.login()).await.unwrap();
    let confused = |code: &str| code.to_lowercase().replace('0', "o").replace('1', "l").replace('-', " ");
    for typed in [codes[0].clone(), confused(&codes[1]), codes[2].replace('-', "")] {
        let pending = stage.sign_in(ann.login()).await.unwrap();
        pending.verify(ProofKind::Printed, &typed).await.unwrap();
        let again = stage.sign_in(ann.login()).await.unwrap();
        refused(again.verify(ProofKind::Printed, &typed).await, ProblemType::CodeRejected).unwrap();
    }
    stage.told(ann.login(), before, "A recovery code was used").await.unwrap();
    assert_eq!(ann.session.me().await.unwrap().recovery_codes_left, 7);
    // New ones end the old ones.
    stage.product.advance(10).await.unwrap();
    ann.step_up(&stage, &ann.session.clone()).await.unwrap();
    let new = ann.session.make_recovery_codes().await.unwrap().codes;
    assert_eq!(ann.session.me().await.unwrap().recovery_codes_left, 10);
    let pending = stage.sign_in(ann.login()).await.unwrap();
    refused(pending.verify(ProofKind::Printed, &codes[3]).await, ProblemType::CodeRejected).unwrap();
    pending.verify(ProofKind::Printed, &new[0]).await.unwrap();
}

#[tokio::test]
async fn s34_the_work_address_is_told_when_a_first_set_up_begins_and_ends() {
    let stage = Stage::enforcing("told").await.unwrap();
    let (login, _) = stage.hire("ann").await.unwrap();
    let before = stage.last(&login).await.unwrap();
    let pending = stage.sign_in(&login).await.unwrap();
    let api = &pending.api;
    api.start_set_up(&StartSetUp::default()).await.unwrap();
    let began = stage.told(&login, before, "Two-step verification is being set up").await.unwrap();
    let secret = api.start_pairing().await.unwrap().secret;
    let now = stage.product.now().await.unwrap().timestamp();
    api.confirm_pairing(&ConfirmCode { code: code_at(&secret, now).unwrap() }).await.unwrap();
    // Proven is not active: the next sign-in asks for the set-up, and this one has nothing to activate yet.
    refused(api.activate().await, ProblemType::Conflict).unwrap();
    assert_eq!(stage.sign_in(&login).await.unwrap().next, Next::SetUp);
    prove_address(&stage, api, "elsewhere@told.example").await;
    let shown = api.set_up().await.unwrap();
    assert!(shown.ready && shown.steps.iter().all(|step| step.state == StepState::Verified));
    api.activate().await.unwrap();
    stage.told(&login, began.id, "Two-step verification is on").await.unwrap();
}

//! An installation that can't send text messages: no policy that needs them may lock anybody out.

use serde_json::json;
use twostep_api::{
    ConfirmCode, GlassBroken, Method, Next, Policy, ProblemType, ProofKind, StartSetUp, Technicians, Verify,
    VerifyPhone,
};
use twostep_client::Client;
use twostep_tests::harness::{Product as _, code_at, operate};
use twostep_tests::story::{Browser, Raw, Stage, password, refused, save_policy, sign_in_at};

/// Longest wait for a message's end.
const PATIENCE: std::time::Duration = std::time::Duration::from_secs(20);

const NUMBER: &str = "+49 1512 3456789";

/// Everybody must verify with texts, and with codes on paper.
fn texts(policy: Policy) -> Policy {
    let backups = vec![ProofKind::Printed];
    Policy { admins: true, technicians: Technicians::All, primary: Method::Sms, backups, ..policy }
}

/// The company without texts from now on.
async fn without_texts(stage: &mut Stage) {
    stage.product.forget_texts();
    stage.restart().await.unwrap();
}

#[tokio::test]
async fn a_policy_that_needs_texts_is_refused_where_none_are_sent() {
    let mut stage = Stage::open("refused").await.unwrap();
    without_texts(&mut stage).await;
    assert!(!stage.holder.company(stage.company).await.unwrap().value.sends_texts);
    let api = stage.product.api().unwrap();
    let holder = sign_in_at(&api, &stage.slug, &stage.login("holder"), &password("holder")).await.unwrap();
    let raw = Raw::new(&stage.product).with_token(&holder.token.unwrap());
    let path = format!("/companies/{}/policy", stage.company);
    let seen = raw.call("GET", &path, None).await.unwrap();
    let saving = raw.with_header("if-match", seen.etag.as_deref().unwrap());
    for (primary, backups, field) in [
        ("sms", json!(["printed"]), "primary"),
        ("sms", json!(["app", "email"]), "primary"),
        ("app", json!(["app", "sms"]), "backups"),
    ] {
        let mut policy = seen.json().unwrap();
        policy["primary"] = json!(primary);
        policy["backups"] = backups;
        let put = json!({ "policy": policy, "reason": "a test" });
        let answer = saving.call("PUT", &path, Some(&put)).await.unwrap();
        assert_eq!((answer.status, &*answer.problem), (400, "invalid-fields"), "{}", answer.text);
        let field_said = &answer.json().unwrap()["fields"][0];
        assert_eq!(field_said["field"], field, "{}", answer.text);
        assert!(answer.text.contains("this installation can't send text messages"), "{}", answer.text);
    }
    // Texts among other backups hurt nobody: they aren't offered.
    save_policy(&stage.holder, stage.company, |policy| Policy { technicians: Technicians::All, ..policy })
        .await
        .unwrap();
    let (login, _) = stage.hire("ann").await.unwrap();
    let pending = stage.sign_in(&login).await.unwrap();
    let set_up = pending.api.start_set_up(&StartSetUp::default()).await.unwrap();
    assert_eq!(set_up.backups, [ProofKind::Email, ProofKind::Printed]);
    let number = VerifyPhone { number: NUMBER.to_owned() };
    refused(pending.api.set_up_phone(&number).await, ProblemType::InvalidFields).unwrap();
}

#[tokio::test]
async fn a_text_that_was_wanted_fails_where_it_is_seen_once_nobody_sends_it() {
    let mut stage = Stage::open("wanted").await.unwrap();
    save_policy(&stage.holder, stage.company, |policy| Policy { primary: Method::Sms, ..policy })
        .await
        .unwrap();
    let (ann, _) = stage.hire("ann").await.unwrap();
    save_policy(&stage.holder, stage.company, texts).await.unwrap();
    stage.inbox.misbehave(&json!({ "sms": [{ "status": 503 }] })).await.unwrap();
    let pending = stage.sign_in(&ann).await.unwrap();
    pending.api.start_set_up(&StartSetUp::default()).await.unwrap();
    pending.api.set_up_phone(&VerifyPhone { number: NUMBER.to_owned() }).await.unwrap();
    without_texts(&mut stage).await;
    let state = async || pending.api.set_up().await.unwrap().steps[0].delivery.clone().unwrap().state;
    let failed = async { while state().await != "failed" {} };
    tokio::time::timeout(PATIENCE, failed).await.expect("it never failed");
}

#[tokio::test]
async fn the_settings_page_shows_texts_as_not_to_be_had() {
    let mut stage = Stage::open("shown").await.unwrap();
    without_texts(&mut stage).await;
    let mut browser = Browser::new(&stage.product).unwrap();
    let holder = stage.login("holder");
    browser.sign_in(&stage.slug, &holder, &password("holder")).await.unwrap();
    let page = browser.open("/settings/two-step").await.unwrap();
    assert!(page.says(r#"name="primary" value="sms" disabled"#), "{}", page.html);
    assert!(page.says("this installation can't send text messages"), "{}", page.html);
    assert!(page.says("No effect now: this installation can't send text messages."), "{}", page.html);
    // As a backup they stay allowed for the day when they can be sent.
    assert!(page.says(r#"<input type="hidden" name="backup" value="sms">"#), "{}", page.html);
    let typed = [
        ("technicians", "all"),
        ("primary", "app"),
        ("code_life_seconds", "300"),
        ("reason", "a test"),
        ("backup", "printed"),
    ];
    let saved = browser.send(&page, "/settings/two-step", &typed).await.unwrap();
    assert!(saved.says("Changes saved"), "{}", saved.html);
}

#[tokio::test]
async fn a_policy_from_before_the_texts_went_away_locks_nobody_out() {
    let mut stage = Stage::open("before").await.unwrap();
    let (ann, _) = stage.hire("ann").await.unwrap();
    let (ben, _) = stage.hire("ben").await.unwrap();
    save_policy(&stage.holder, stage.company, texts).await.unwrap();
    let printed = with_texts(&stage, &stage.sign_in(&ann).await.unwrap().api).await;
    without_texts(&mut stage).await;
    let log = stage.product.output();
    assert!(log.contains("policy needs text messages") && log.contains("before"), "{log}");

    // Whoever has nothing yet sets up what needs nothing of the installation.
    with_the_app(&stage, &stage.sign_in(&ben).await.unwrap().api).await;
    // Whoever has a number proves the paper, and then sets up the app.
    let pending = stage.sign_in(&ann).await.unwrap();
    assert_eq!((pending.next, &*pending.methods), (Next::Verify, &[ProofKind::Printed][..]));
    refused(pending.send(Method::Sms).await, ProblemType::InvalidFields).unwrap();
    let proven = pending.verify(ProofKind::Printed, &printed[0]).await.unwrap();
    assert_eq!(proven.next, Next::SetUp);
    with_the_app(&stage, &pending.api).await;

    // The Master Account Holder, too.
    let (api, login) = (stage.product.api().unwrap(), stage.login("holder"));
    let begun = sign_in_at(&api, &stage.slug, &login, &password("holder")).await.unwrap();
    assert_eq!(begun.next, Next::SetUp);
    with_the_app(&stage, &api.with_token(&begun.token.unwrap())).await;
}

#[tokio::test]
async fn break_glass_lets_the_holder_in_where_the_policy_wanted_texts_and_the_paper_is_lost() {
    let mut stage = Stage::open("glass").await.unwrap();
    let (login, known) = (stage.login("holder"), password("holder"));
    save_policy(&stage.holder, stage.company, texts).await.unwrap();
    let api = stage.product.api().unwrap();
    let begun = sign_in_at(&api, &stage.slug, &login, &known).await.unwrap();
    let paper = with_texts(&stage, &api.with_token(&begun.token.unwrap())).await;
    without_texts(&mut stage).await;
    // The phone gets nothing and the paper is lost: the password alone leads nowhere.
    let api = stage.product.api().unwrap();
    let stuck = sign_in_at(&api, &stage.slug, &login, &known).await.unwrap();
    let methods: Vec<_> = stuck.methods.iter().map(|method| method.kind).collect();
    assert_eq!((stuck.next, &*methods), (Next::Verify, &[ProofKind::Printed][..]));

    let link = break_glass(&stage, &login);
    let mut browser = Browser::new(&stage.product).unwrap();
    let page = browser.open(&link).await.unwrap();
    assert!(page.says("It changes the password alone"), "{}", page.html);
    let new = "an entirely new phrase";
    let page = browser.send(&page, &link, &[("password", new), ("repeated", new)]).await.unwrap();
    assert!(page.at.starts_with("/sign-in"), "{page:?}");
    let prompt = browser.sign_in(&stage.slug, &login, new).await.unwrap();
    assert!(prompt.says("Set up two-step verification"), "{}", prompt.html);
    let overview = browser.send(&prompt, "/set-up", &[]).await.unwrap();
    assert!(overview.says("Set up mobile app") && overview.says("Make printed codes"), "{}", overview.html);
    assert!(!overview.says("Text message"), "it leads to what nobody sends: {}", overview.html);
    // Through to the end, in a sign-in of its own.
    let begun = sign_in_at(&api, &stage.slug, &login, new).await.unwrap();
    assert_eq!(begun.next, Next::SetUp);
    let session = with_the_app(&stage, &api.with_token(&begun.token.unwrap())).await;
    assert!(session.me().await.unwrap().account_holder);
    let app_too = |policy| Policy { primary: Method::App, ..policy };
    save_policy(&session, stage.company, app_too).await.unwrap();
    // What was lost opens nothing any more.
    let other = sign_in_at(&api, &stage.slug, &login, new).await.unwrap();
    let (id, other) = (other.id, api.with_token(&other.token.unwrap()));
    let found = Verify { method: ProofKind::Printed, code: paper[0].clone() };
    refused(other.verify(id, &found).await, ProblemType::CodeRejected).unwrap();
}

/// `twostep break-glass` for `login`; gives the link's path.
fn break_glass(stage: &Stage, login: &str) -> String {
    let data = stage.product.data();
    let key = data.with_file_name("master-key").display().to_string();
    let named =
        ["--company", &*stage.slug, "--member", login, "--reason", "No texts", "--master-key-path", &key];
    let broken = operate(&data, &[&["--output", "json", "break-glass"], &named[..]].concat()).unwrap();
    assert!(broken.status.success(), "{}", String::from_utf8_lossy(&broken.stderr));
    let GlassBroken { url, .. } = serde_json::from_slice(&broken.stdout).unwrap();
    url.strip_prefix(&stage.product.url()).unwrap().to_owned()
}

/// Sets up texts and paper; gives the paper's codes.
async fn with_texts(stage: &Stage, api: &Client) -> Vec<String> {
    api.start_set_up(&StartSetUp::default()).await.unwrap();
    api.set_up_phone(&VerifyPhone { number: NUMBER.to_owned() }).await.unwrap();
    let text = stage.inbox.next_that("+4915123456789", 0, |text| text.code.is_some()).await.unwrap();
    api.confirm_phone(&ConfirmCode { code: text.code.unwrap() }).await.unwrap();
    let printed = api.make_recovery_codes().await.unwrap().codes;
    api.activate().await.unwrap();
    printed
}

/// Sets up app and paper, which is all that is asked for; gives the session.
async fn with_the_app(stage: &Stage, api: &Client) -> Client {
    let set_up = api.start_set_up(&StartSetUp::default()).await.unwrap();
    assert_eq!((set_up.primary, &*set_up.backups), (Method::App, &[ProofKind::Printed][..]));
    let secret = api.start_pairing().await.unwrap().secret;
    let code = code_at(&secret, stage.product.now().await.unwrap().timestamp()).unwrap();
    api.confirm_pairing(&ConfirmCode { code }).await.unwrap();
    api.make_recovery_codes().await.unwrap();
    let token = api.activate().await.unwrap().token;
    api.with_token(&token.expect("no session after the activation"))
}

//! Messages that don't get through: what the person sees, and what they do meanwhile.

use std::time::Duration;

use chrono::{DateTime, Utc};
use futures::StreamExt as _;
use serde_json::json;
use twostep_api::{
    AuditEvent, ConfirmCode, ConfirmContact, Method, ProofKind, RequestPasswordReset, SetUp, StartSetUp,
    Step, VerifyEmail, VerifyPhone,
};
use twostep_client::{AuditPage, Client};
use twostep_tests::harness::{Inbox, Product as _};
use twostep_tests::story::{Enrolled, Pending, Stage};

/// Longest wait for one state.
pub(crate) const PATIENCE: Duration = Duration::from_secs(20);

const NUMBER: &str = "+4915123456789";

fn step(set_up: &SetUp, kind: ProofKind) -> &Step {
    set_up.steps.iter().find(|step| step.kind == kind).expect("the step is under way")
}

fn state_of(set_up: &SetUp, kind: ProofKind) -> Option<&str> {
    step(set_up, kind).delivery.as_ref().map(|delivery| delivery.state.as_str())
}

/// Asks where the set-up stands until the message of `kind` is there.
pub(crate) async fn wait_for(api: &Client, kind: ProofKind, state: &str) {
    let seen = async { while state_of(&api.set_up().await.unwrap(), kind) != Some(state) {} };
    tokio::time::timeout(PATIENCE, seen).await.unwrap_or_else(|_| panic!("it never was {state}"));
}

#[tokio::test]
async fn a_set_up_shows_that_its_mail_failed_and_another_address_gets_one() {
    let stage = Stage::enforcing("typo").await.unwrap();
    let (login, _) = stage.hire("ann").await.unwrap();
    let pending = stage.sign_in(&login).await.unwrap();
    let (api, wrong, right) = (&pending.api, "nobody@typo.example", "ann@home.example");
    let unknown = json!({ "mail": [{ "stage": "rcpt", "address": wrong, "reply": 550 }] });
    stage.inbox.misbehave(&unknown).await.unwrap();
    api.start_set_up(&StartSetUp::default()).await.unwrap();
    let asked = api.set_up_email(&VerifyEmail { address: wrong.to_owned() }).await.unwrap();
    assert!(state_of(&asked, ProofKind::Email).is_some(), "{:?}", asked.steps);
    wait_for(api, ProofKind::Email, "failed").await;
    // The operator reads why, and nobody's address.
    let log = stage.product.output();
    let warning = log.lines().find(|line| line.contains("WARN") && line.contains("is not tried again"));
    assert!(warning.is_some_and(|line| line.contains("550") && line.contains("at RCPT")), "{warning:?}");
    assert!(!log.contains(wrong), "the log names an address");
    let page = page(&stage, &pending, "/set-up/email/confirmation").await;
    assert!(page.contains("be delivered. Send it again, or change the address."), "{page}");

    // Another method's message doesn't hide this one's state.
    stage.product.advance(31).await.unwrap();
    api.set_up_phone(&VerifyPhone { number: NUMBER.to_owned() }).await.unwrap();
    wait_for(api, ProofKind::Sms, "submitted").await;
    assert_eq!(state_of(&api.set_up().await.unwrap(), ProofKind::Email), Some("failed"));

    api.set_up_email(&VerifyEmail { address: right.to_owned() }).await.unwrap();
    wait_for(api, ProofKind::Email, "submitted").await;
    let mail = stage.inbox.next_that(right, 0, |mail| mail.code.is_some()).await.unwrap();
    let proven = api.confirm_email(&ConfirmContact { code: mail.code }).await.unwrap();
    assert_eq!(step(&proven, ProofKind::Email).delivery, None);
}

/// A page as the browser of `pending` gets it.
pub(crate) async fn page(stage: &Stage, pending: &Pending, path: &str) -> String {
    let plain = twostep_tests::harness::Plain::new(&stage.product.url()).unwrap();
    let asked = plain.request(reqwest::Method::GET, path, None);
    let cookie = format!("twostep-demo={}", pending.token);
    twostep_tests::harness::answer(asked.header("cookie", cookie)).await.unwrap().body
}

/// Adds a number to the methods of `ann`.
async fn add_number(stage: &Stage, ann: &Enrolled) {
    let edit = &ann.session;
    edit.start_set_up(&StartSetUp::default()).await.unwrap();
    edit.set_up_phone(&VerifyPhone { number: NUMBER.to_owned() }).await.unwrap();
    let text = stage.inbox.next_that(NUMBER, 0, |text| text.code.is_some()).await.unwrap();
    edit.confirm_phone(&ConfirmCode { code: text.code.unwrap() }).await.unwrap();
    edit.activate().await.unwrap();
}

/// How many codes were texted so far.
async fn texted(stage: &Stage) -> usize {
    stage.inbox.texts().await.unwrap().iter().filter(|text| text.code.is_some()).count()
}

/// Sends a code by text and waits until its message is `state`, with the clock moved on by `seconds` meanwhile.
async fn text_until(stage: &Stage, pending: &Pending, states: &[(&str, i64)]) {
    let events = pending.api.sign_in_deliveries(pending.id).await.unwrap();
    let mut events = std::pin::pin!(events);
    pending.send(Method::Sms).await.unwrap();
    for (state, then) in states {
        let arrives =
            async { while events.next().await.expect("the stream goes on").unwrap().state != *state {} };
        tokio::time::timeout(PATIENCE, arrives).await.unwrap_or_else(|_| panic!("it never was {state}"));
        stage.product.advance(*then).await.unwrap();
    }
}

#[tokio::test]
async fn while_the_text_gateway_is_away_codes_are_retried_and_the_backup_helps() {
    let stage = Stage::enforcing("away").await.unwrap();
    let ann = stage.technician("ann").await.unwrap();
    add_number(&stage, &ann).await;
    let away = json!({ "sms": [{ "status": 503 }] });
    let mut texts = texted(&stage).await;

    // The code waits, and the backup lets her in meanwhile.
    stage.product.advance(31).await.unwrap();
    stage.inbox.misbehave(&away).await.unwrap();
    let pending = stage.sign_in(ann.login()).await.unwrap();
    text_until(&stage, &pending, &[("retrying", 2), ("retrying", 0)]).await;
    let code = stage.sent_code(&pending, Method::Email, &ann.backup()).await.unwrap();
    pending.verify(ProofKind::Email, &code).await.unwrap();

    // The gateway is back: what waited is texted once.
    stage.inbox.misbehave(&json!({})).await.unwrap();
    let before = stage.last(NUMBER).await.unwrap();
    stage.product.advance(31).await.unwrap();
    stage.inbox.next_that(NUMBER, before, |text| text.code.is_some()).await.unwrap();
    texts += 1;

    // Whoever waits types the code that comes late.
    stage.inbox.misbehave(&away).await.unwrap();
    let before = stage.last(NUMBER).await.unwrap();
    let pending = stage.sign_in(ann.login()).await.unwrap();
    text_until(&stage, &pending, &[("retrying", 0)]).await;
    stage.inbox.misbehave(&json!({})).await.unwrap();
    stage.product.advance(31).await.unwrap();
    let late = stage.inbox.next_that(NUMBER, before, |text| text.code.is_some()).await.unwrap();
    pending.verify(ProofKind::Sms, &late.code.unwrap()).await.unwrap();
    texts += 1;

    // What can't be sent in time is never sent.
    stage.inbox.misbehave(&away).await.unwrap();
    let pending = stage.sign_in(ann.login()).await.unwrap();
    text_until(&stage, &pending, &[("retrying", 300), ("expired", 0)]).await;
    stage.inbox.misbehave(&json!({})).await.unwrap();
    stage.product.advance(31).await.unwrap();
    assert_eq!(texted(&stage).await, texts, "something was texted twice or too late");
}

#[tokio::test]
async fn the_operator_reads_which_far_end_can_not_be_reached_and_what_to_check() {
    let mut stage = Stage::enforcing("unreached").await.unwrap();
    let (login, _) = stage.hire("ann").await.unwrap();
    let api = stage.sign_in(&login).await.unwrap().api;
    api.start_set_up(&StartSetUp::default()).await.unwrap();
    // The only mail server and the only gateway are gone: nobody listens there any more.
    stage.inbox = Inbox::start().unwrap();
    let address = "ann@unreached.example";
    api.set_up_email(&VerifyEmail { address: address.to_owned() }).await.unwrap();
    wait_for(&api, ProofKind::Email, "retrying").await;
    stage.product.advance(31).await.unwrap();
    api.set_up_phone(&VerifyPhone { number: NUMBER.to_owned() }).await.unwrap();
    wait_for(&api, ProofKind::Sms, "retrying").await;
    let log = stage.product.output();
    for (channel, reason) in [
        (
            "email",
            "inbox: at connect: the connection failed (Connection refused (os error 111)): check that the relay runs, its `host` and its `port`",
        ),
        ("sms", "inbox: no connection: check the provider's address, and that this machine may reach it"),
    ] {
        let about = format!(r#""channel":"{channel}""#);
        let warning = log.lines().find(|line| line.contains("WARN") && line.contains(&about));
        let warning = warning.unwrap_or_else(|| panic!("no warning about {channel}: {log}"));
        assert!(warning.contains(reason) && warning.contains("it is tried again"), "{warning}");
    }
    assert!(!log.contains(address) && !log.contains(NUMBER), "the log names whom it was for");
}

/// Every retry that the log names, with the instant at which it was recorded and the one that it names.
async fn retries(stage: &Stage) -> Vec<(DateTime<Utc>, DateTime<Utc>)> {
    let page = AuditPage { event_type: Some("DeliveryRetried".to_owned()), ..AuditPage::default() };
    let events = stage.holder.audit_events(&page).await.unwrap().events;
    let named = |event: &AuditEvent| event.data["next_at"].as_str().unwrap().parse().unwrap();
    events.iter().map(|event| (event.recorded_at, named(event))).collect()
}

#[tokio::test]
async fn a_mail_is_tried_again_when_its_last_retry_says_and_no_sooner_after_a_restart() {
    let mut stage = Stage::enforcing("later").await.unwrap();
    let (login, _) = stage.hire("ann").await.unwrap();
    let away = json!({ "mail": [{ "stage": "rcpt", "address": login, "reply": 450 }] });
    stage.inbox.misbehave(&away).await.unwrap();
    let request = RequestPasswordReset { company: None, login: login.clone() };
    stage.product.api().unwrap().request_password_reset(&request).await.unwrap();
    for wanted in 1..=7 {
        let seen = async { while retries(&stage).await.len() < wanted {} };
        tokio::time::timeout(PATIENCE, seen)
            .await
            .unwrap_or_else(|_| panic!("there were not {wanted} tries"));
        if wanted == 4 {
            stage.restart().await.unwrap();
        }
        // Longer than the longest wait after so many tries.
        stage.product.advance(64).await.unwrap();
    }
    let tried = retries(&stage).await;
    let early: Vec<_> = tried.windows(2).filter(|pair| pair[1].0 < pair[0].1).collect();
    assert!(early.is_empty(), "tried before its time: {early:?}");
    let before = stage.last(&login).await.unwrap();
    stage.inbox.misbehave(&json!({})).await.unwrap();
    stage.product.advance(64).await.unwrap();
    stage.inbox.next_that(&login, before, |mail| !mail.links.is_empty()).await.unwrap();
}

/// The provider may have taken it: sent once more, it would be there twice.
#[tokio::test(flavor = "multi_thread")]
async fn what_a_worker_says_last_as_it_stops_is_kept_and_the_mail_is_not_sent_again() {
    let mut stage = Stage::open("last-word").await.unwrap();
    let login = stage.login("ann");
    let silence = json!({ "mail": [
        { "stage": "end_of_data", "address": login, "delay_ms": 60_000, "reply": 450, "times": 1 },
    ] });
    stage.inbox.misbehave(&silence).await.unwrap();
    let invited = stage.holder.invite_member(stage.company, &stage.invitation("ann")).await.unwrap();
    stage.inbox.misbehaved().await.unwrap();
    let ended_well = tokio::task::block_in_place(|| stage.product.stop()).unwrap();
    assert!(ended_well, "{}", stage.product.output());
    stage.product.kill_and_restart().unwrap();
    stage.product.now().await.unwrap();
    let kept = AuditPage { event_type: Some("DeliveryUnknown".to_owned()), ..AuditPage::default() };
    let kept = stage.holder.audit_events(&kept).await.unwrap().events;
    assert_eq!(kept.len(), 1, "{kept:?}");
    // What comes first is what was asked for last.
    stage.holder.renew_invitation(stage.company, invited.id).await.unwrap();
    stage.inbox.next(&login, 0).await.unwrap();
    assert_eq!(stage.inbox.all(&login).await.unwrap().len(), 1, "it was sent twice");
}

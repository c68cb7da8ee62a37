//! What a provider says of a text that it took: shown to whoever waits for it, and believed only where it is signed (S28).

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use futures::{Stream, StreamExt as _};
use hmac::{Hmac, KeyInit as _, Mac as _};
use serde_json::{Value, json};
use sha1::Sha1;
use twostep_api::{ConfirmCode, DeliveryState, Method, ProofKind, StartSetUp, VerifyPhone};
use twostep_client::AuditPage;
use twostep_tests::harness::Product as _;
use twostep_tests::story::{Pending, Raw, Reply, Stage, require_everybody};

use crate::message_trouble::wait_for;

const NUMBER: &str = "+4915123456789";

/// What the gateway's settings have as its token.
const TOKEN: &str = "any";

/// What Twilio signs a call to `url` with, whose fields are `fields`, put together.
pub(crate) fn signature(token: &str, url: &str, fields: &str) -> String {
    let mac = Hmac::<Sha1>::new_from_slice(token.as_bytes()).unwrap();
    STANDARD.encode(mac.chain_update(url).chain_update(fields).finalize().into_bytes())
}

/// A company whose gateway is asked what becomes of texts.
async fn open(slug: &str) -> Stage {
    open_with(slug, Vec::new()).await
}

async fn open_with(slug: &str, more: Vec<(&'static str, std::path::PathBuf)>) -> Stage {
    let mut environment = vec![("TWOSTEP_SMS__PROVIDERS__INBOX__STATUSES", "true".into())];
    environment.extend(more);
    let stage = Stage::open_in(slug, environment).await.unwrap();
    require_everybody(&stage.holder, stage.company).await.unwrap();
    stage
}

/// Somebody new who waits for a text in their set-up.
async fn waiting(stage: &Stage, name: &str) -> Pending {
    let (login, _) = stage.hire(name).await.unwrap();
    let pending = stage.sign_in(&login).await.unwrap();
    pending.api.start_set_up(&StartSetUp::default()).await.unwrap();
    pending.api.set_up_phone(&VerifyPhone { number: NUMBER.to_owned() }).await.unwrap();
    pending
}

/// The events of one type that messages had so far: the message's id, and what the event says.
async fn events(stage: &Stage, event_type: &str) -> Vec<(String, Value)> {
    let page = AuditPage { event_type: Some(event_type.to_owned()), ..AuditPage::default() };
    let events = stage.holder.audit_events(&page).await.unwrap().events;
    events.into_iter().map(|event| (event.key, event.data)).collect()
}

/// The message of the only text that was taken.
async fn text(stage: &Stage) -> String {
    let taken = events(stage, "DeliverySubmitted").await;
    let texts: Vec<_> = taken.into_iter().filter(|(_, data)| data["provider"] == "inbox").collect();
    let sms: Vec<_> = texts
        .iter()
        .filter(|(_, data)| data["provider_id"].as_str().is_some_and(|id| id.starts_with("SM")))
        .collect();
    assert_eq!(sms.len(), 1, "{texts:?}");
    sms[0].0.clone()
}

/// A status as Twilio would send it.
#[derive(Clone)]
struct Status {
    provider: &'static str,
    reference: String,
    status: &'static str,
    token: &'static str,
}

impl Status {
    fn of(stage: &Stage, id: &str, status: &'static str) -> Self {
        let reference = format!("{}.{}", stage.company.simple(), id.replace('-', ""));
        Self { provider: "inbox", reference, status, token: TOKEN }
    }

    fn path(&self) -> String {
        format!("/webhooks/sms/{}?reference={}", self.provider, self.reference)
    }

    fn signature(&self, stage: &Stage) -> String {
        let url = format!("{}/api/v1{}", stage.product.url(), self.path());
        signature(self.token, &url, &format!("MessageStatus{}", self.status))
    }

    async fn send(&self, stage: &Stage) -> Reply {
        self.send_signed(stage, Some(&self.signature(stage))).await
    }

    async fn send_signed(&self, stage: &Stage, signature: Option<&str>) -> Reply {
        let mut raw = Raw::new(&stage.product);
        if let Some(signature) = signature {
            raw = raw.with_header("x-twilio-signature", signature);
        }
        let body = format!("MessageStatus={}", self.status).into_bytes();
        raw.send("POST", &self.path(), Some(("application/x-www-form-urlencoded", body))).await.unwrap()
    }
}

/// Reads states until `wanted` comes.
async fn until(
    states: &mut (impl Stream<Item = Result<DeliveryState, twostep_client::Error>> + Unpin),
    wanted: &str,
) {
    let seen = async { while states.next().await.unwrap().unwrap().state != wanted {} };
    tokio::time::timeout(Duration::from_secs(20), seen).await.unwrap_or_else(|_| panic!("never {wanted}"));
}

#[tokio::test]
async fn whoever_waits_for_a_text_sees_that_it_was_delivered_or_came_back() {
    let stage = open("told").await;
    let ann = waiting(&stage, "ann").await;
    wait_for(&ann.api, ProofKind::Sms, "delivered").await;
    assert_eq!(events(&stage, "DeliveryDelivered").await.len(), 1);
    stage.inbox.misbehave(&json!({ "sms": [{ "fate": "undelivered" }] })).await.unwrap();
    let ben = waiting(&stage, "ben").await;
    wait_for(&ben.api, ProofKind::Sms, "bounced").await;
    let bounced = events(&stage, "DeliveryBounced").await;
    assert_eq!(bounced[0].1, json!({ "provider": "inbox", "reason": "error 30005" }));
    let metrics = stage.metrics().await.unwrap();
    for outcome in ["delivered", "bounced"] {
        let line = format!(r#"twostep_delivery_outcomes_total{{channel="sms",outcome="{outcome}"}} 1"#);
        assert!(metrics.contains(&line), "{metrics}");
    }
}

#[tokio::test]
async fn the_state_at_a_sign_in_goes_on_to_delivered_as_it_is_told() {
    let stage = open("live").await;
    stage.inbox.misbehave(&json!({ "sms": [{ "fate": "sent" }] })).await.unwrap();
    let ann = stage.technician("ann").await.unwrap();
    ann.session.start_set_up(&StartSetUp::default()).await.unwrap();
    ann.session.set_up_phone(&VerifyPhone { number: NUMBER.to_owned() }).await.unwrap();
    let code = stage.inbox.next_that(NUMBER, 0, |text| text.code.is_some()).await.unwrap().code.unwrap();
    ann.session.confirm_phone(&ConfirmCode { code }).await.unwrap();
    ann.session.activate().await.unwrap();
    stage.product.advance(31).await.unwrap();
    let pending = stage.sign_in(ann.login()).await.unwrap();
    pending.send(Method::Sms).await.unwrap();
    let states = pending.api.sign_in_deliveries(pending.id).await.unwrap();
    let mut states = std::pin::pin!(states);
    until(&mut states, "submitted").await;
    let asked = events(&stage, "DeliveryRequested").await;
    let (id, _) = asked.iter().find(|(_, data)| data["kind"] == "sign_in_code").unwrap();
    assert_eq!(Status::of(&stage, id, "delivered").send(&stage).await.status, 204);
    until(&mut states, "delivered").await;
}

#[tokio::test]
async fn s28_a_forged_status_changes_nothing_and_does_not_say_why() {
    let more = vec![
        ("TWOSTEP_SMS__PROVIDERS__OTHER__STATUSES", "true".into()),
        ("TWOSTEP_SMS__PROVIDERS__OTHER__PREFIXES", "['+1']".into()),
        ("TWOSTEP_SMS__PROVIDERS__OTHER__TWILIO__BASE", "http://127.0.0.1:9/".into()),
        ("TWOSTEP_SMS__PROVIDERS__OTHER__TWILIO__ACCOUNT", "ACother".into()),
        ("TWOSTEP_SMS__PROVIDERS__OTHER__TWILIO__TOKEN", "theirs".into()),
        ("TWOSTEP_SMS__PROVIDERS__OTHER__TWILIO__FROM", "Rescue".into()),
    ];
    let stage = open_with("forged", more).await;
    stage.inbox.misbehave(&json!({ "sms": [{ "fate": "sent" }] })).await.unwrap();
    let ann = waiting(&stage, "ann").await;
    wait_for(&ann.api, ProofKind::Sms, "submitted").await;
    let id = text(&stage).await;
    let real = Status::of(&stage, &id, "delivered");
    let another = Status { reference: real.reference.replace(['1', '2'], "3"), ..real.clone() };
    let mut refusals = Vec::new();
    for (forged, signature) in [
        (real.clone(), None),
        (real.clone(), Some(String::new())),
        (real.clone(), Some("no base64".to_owned())),
        (real.clone(), Some(Status { token: "guess", ..real.clone() }.signature(&stage))),
        (real.clone(), Some(Status { status: "failed", ..real.clone() }.signature(&stage))),
        (real.clone(), Some(another.signature(&stage))),
        // Another provider's secret speaks for that provider only, under its own name.
        (real.clone(), Some(Status { token: "theirs", ..real.clone() }.signature(&stage))),
        (Status { provider: "other", ..real.clone() }, Some(real.signature(&stage))),
        (
            Status { provider: "nobody", ..real.clone() },
            Some(Status { provider: "nobody", ..real.clone() }.signature(&stage)),
        ),
    ] {
        let answer = forged.send_signed(&stage, signature.as_deref()).await;
        assert_eq!((answer.status, &*answer.problem), (403, "not-signed"), "{answer:?}");
        refusals.push(answer.text);
    }
    assert!(refusals.iter().all(|text| *text == refusals[0]), "{refusals:?}");
    let foreign = Status { provider: "other", token: "theirs", ..real.clone() };
    assert_eq!(foreign.send(&stage).await.status, 204);
    let too_long = vec![b'a'; 64 * 1024 + 1];
    let answer = Raw::new(&stage.product).send("POST", &real.path(), Some(("", too_long))).await.unwrap();
    assert_eq!((answer.status, &*answer.problem), (413, "too-large"), "{answer:?}");
    wait_for(&ann.api, ProofKind::Sms, "submitted").await;
    assert!(events(&stage, "DeliveryDelivered").await.is_empty());
    assert_eq!(real.send(&stage).await.status, 204);
    wait_for(&ann.api, ProofKind::Sms, "delivered").await;
}

#[tokio::test]
async fn s28_statuses_that_come_twice_late_or_of_nothing_change_nothing() {
    let mut stage = open("twice").await;
    stage.inbox.misbehave(&json!({ "sms": [{ "fate": "sent" }] })).await.unwrap();
    let ann = waiting(&stage, "ann").await;
    wait_for(&ann.api, ProofKind::Sms, "submitted").await;
    let id = text(&stage).await;
    let of = |status| Status::of(&stage, &id, status);
    let (delivered, failed, sent) = (of("delivered"), of("failed"), of("sent"));
    for status in [&sent, &delivered, &delivered, &sent, &failed, &delivered] {
        assert_eq!(status.send(&stage).await.status, 204);
    }
    stage.restart().await.unwrap();
    for status in [&failed, &delivered] {
        assert_eq!(status.send(&stage).await.status, 204);
    }
    let nothing = Status {
        reference: format!("{}.{}", stage.company.simple(), uuid::Uuid::nil().simple()),
        ..delivered.clone()
    };
    let nobody = Status {
        reference: format!("{}.{}", uuid::Uuid::nil().simple(), id.replace('-', "")),
        ..delivered.clone()
    };
    let unreadable = Status { reference: "SM1".to_owned(), ..delivered };
    for stray in [nothing, nobody, unreadable] {
        let answer = stray.send(&stage).await;
        assert_eq!((answer.status, answer.position), (204, None), "{}", stray.reference);
    }
    wait_for(&ann.api, ProofKind::Sms, "delivered").await;
    assert_eq!(events(&stage, "DeliveryDelivered").await.len(), 1);
    assert!(events(&stage, "DeliveryBounced").await.is_empty());
}

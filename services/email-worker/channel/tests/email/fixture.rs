//! A channel whose relays are inboxes.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::num::{NonZeroU16, NonZeroU32, NonZeroUsize};
use std::sync::Arc;

use chrono::TimeDelta;
use serde_json::{Value, json};
use twostep_clock::{Clock as _, MovedClock, SystemClock, Time};
use twostep_delivery::{Accepted, Content, Payload, Request, SealedPayload, Submit as _, SubmitError};
use twostep_dev_inbox::{Received, Running, start};
use twostep_domain::delivery::{Channel, MessageKind};
use twostep_domain::{ClientKind, CompanyId, DeliveryId, IntentId, Locale, TimeZone};
use twostep_email_channel::{Config, EmailChannel, Relay, SmtpSecurity};
use twostep_runtime::Profile;
use uuid::Uuid;

pub struct Fixture {
    pub clock: Arc<MovedClock>,
    pub inboxes: Vec<Running>,
    pub channel: EmailChannel,
}

pub fn relay(address: SocketAddr, rank: u32) -> Relay {
    Relay {
        rank,
        host: address.ip().to_string(),
        port: NonZeroU16::new(address.port()).unwrap(),
        security: SmtpSecurity::PlainLoopbackDemo,
        ca_path: None,
        username: Some("us".to_owned()),
        password: Some(serde_json::from_value(json!({ "secret value": "secret" })).unwrap()),
        connections: NonZeroUsize::new(2).unwrap(),
        timeout_seconds: NonZeroU32::new(10).unwrap(),
    }
}

pub fn config(relays: BTreeMap<String, Relay>) -> Config {
    Config {
        from: "no-reply@twostep.example".to_owned(),
        host: "twostep.example".to_owned(),
        relays,
        breaker_failures: NonZeroU32::new(3).unwrap(),
        breaker_seconds: NonZeroU32::new(30).unwrap(),
    }
}

pub fn payload() -> Payload {
    Payload {
        destination: "ada@x.example".to_owned(),
        person: "Ada".to_owned(),
        company: "Acme".to_owned(),
        product: "Rescue".to_owned(),
        sender: "Acme via Rescue".to_owned(),
        locale: Locale::En,
        time_zone: TimeZone::default(),
        content: Content {
            code: Some("123456".to_owned()),
            link: None,
            host: None,
            at: Some(Time::UNIX_EPOCH),
            code_expires_at: Some(Time::UNIX_EPOCH),
            link_expires_at: None,
            client: Some(ClientKind::Console),
            login: None,
            reason: None,
            by: None,
            roster: None,
            policy: None,
        },
    }
}

pub fn request(kind: MessageKind) -> Request {
    let id = DeliveryId::derived(Uuid::nil(), "a");
    Request {
        version: Request::VERSION,
        id,
        company: CompanyId::derived(Uuid::nil(), "acme"),
        intent: IntentId::derived(Uuid::nil(), "a"),
        channel: Channel::Email,
        kind,
        challenge: None,
        requested_at: Time::UNIX_EPOCH,
        expires_at: Time::UNIX_EPOCH + TimeDelta::minutes(10),
        round: 0,
        payload: SealedPayload { key_id: String::new(), sealed: String::new() },
    }
}

impl Fixture {
    /// A channel with so many relays.
    pub async fn new(relays: u32) -> Self {
        let clock = Arc::new(MovedClock::frozen_at(Time::UNIX_EPOCH));
        let (mut inboxes, mut configured) = (Vec::new(), BTreeMap::new());
        for rank in 0..relays {
            let inbox = start(twostep_dev_inbox::Config::default(), Arc::new(SystemClock)).await.unwrap();
            configured.insert(format!("relay-{rank}"), relay(inbox.smtp_addr, rank));
            inboxes.push(inbox);
        }
        let channel = EmailChannel::new(config(configured), Profile::Demo, clock.clone()).unwrap();
        assert_eq!(clock.now(), Time::UNIX_EPOCH);
        Self { clock, inboxes, channel }
    }

    fn url(&self, inbox: usize, path: &str) -> String {
        format!("http://{}{path}", self.inboxes[inbox].http_addr)
    }

    /// Tells a relay to misbehave.
    pub async fn fault(&self, inbox: usize, fault: Value) {
        let body = json!({ "mail": [fault] });
        let put = reqwest::Client::new().put(self.url(inbox, "/faults")).json(&body).send().await.unwrap();
        assert_eq!(put.status(), 204);
    }

    pub async fn received(&self, inbox: usize) -> Vec<Received> {
        reqwest::get(self.url(inbox, "/messages")).await.unwrap().json().await.unwrap()
    }

    pub async fn send(&self) -> Result<Accepted, SubmitError> {
        self.channel.submit(&request(MessageKind::SignInCode), &payload()).await
    }
}

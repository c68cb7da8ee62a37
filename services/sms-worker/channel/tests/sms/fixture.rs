//! Messages, settings, and what an error means.

use std::collections::BTreeMap;
use std::num::NonZeroU32;
use std::sync::Arc;

use chrono::TimeDelta;
use serde_json::{Value, json};
use twostep_clock::{MovedClock, SharedClock, Time};
use twostep_delivery::{Accepted, Content, Payload, Request, SealedPayload, Submit as _, SubmitError};
use twostep_domain::delivery::{Channel, Failure, MessageKind};
use twostep_domain::{CompanyId, DeliveryId, IntentId, Locale, TimeZone};
use twostep_runtime::Profile;
use twostep_runtime::config::Secret;
use twostep_sms_channel::{
    Config, Gateway, InvalidConfig, Meaning, Method, SmsChannel, Twilio, Vonage, Webhook,
};
use uuid::Uuid;

pub const NUMBER: &str = "+4915112345678";

pub fn secret(value: &str) -> Secret {
    serde_json::from_value(json!({ "secret value": value })).unwrap()
}

fn number(number: u32) -> NonZeroU32 {
    NonZeroU32::new(number).unwrap()
}

/// Of no kind yet.
fn gateway() -> Gateway {
    let (prefixes, timeout_seconds) = (Vec::new(), number(10));
    let (statuses, twilio, vonage, webhook) = (false, None, None, None);
    Gateway { rank: 0, prefixes, timeout_seconds, statuses, twilio, vonage, webhook }
}

pub fn twilio(base: &str) -> Gateway {
    let base = base.parse().unwrap();
    let (account, token, from) = ("AC1".to_owned(), secret("token"), Some("+15005550006".to_owned()));
    let twilio = Some(Twilio { base, account, token, from, messaging_service: None });
    Gateway { twilio, ..gateway() }
}

pub fn vonage(base: &str) -> Gateway {
    let (base, key, secret) = (base.parse().unwrap(), "key1".to_owned(), secret("secret"));
    let vonage = Vonage { base, key, secret, from: "Rescue".to_owned(), signature_secret: None };
    Gateway { vonage: Some(vonage), ..gateway() }
}

pub fn webhook(url: &str) -> Gateway {
    let webhook = Webhook {
        method: Method::Post,
        url: url.parse().unwrap(),
        headers: BTreeMap::from([("x-sender".to_owned(), "us".to_owned())]),
        secret_headers: BTreeMap::from([("authorization".to_owned(), secret("Bearer x"))]),
        body: r#"{"to":"{to}","text":"{text}","ref":"{id}"}"#.to_owned(),
        id: Some("/id".to_owned()),
        error: Some("/error".to_owned()),
        errors: BTreeMap::from([
            ("stopped".to_owned(), Meaning::Blocked),
            ("busy".to_owned(), Meaning::Retry),
        ]),
        status: None,
    };
    Gateway { webhook: Some(webhook), ..gateway() }
}

pub fn config(providers: impl IntoIterator<Item = Gateway>) -> Config {
    let named = |(rank, gateway): (u32, Gateway)| (format!("provider-{rank}"), Gateway { rank, ..gateway });
    let providers = (0..).zip(providers).map(named).collect();
    let status_url = Some("https://twostep.example/api/v1/webhooks/sms/".parse().unwrap());
    Config { providers, status_url, breaker_failures: number(3), breaker_seconds: number(30) }
}

pub fn channel(providers: impl IntoIterator<Item = Gateway>) -> SmsChannel {
    in_profile(config(providers), Profile::Demo).unwrap()
}

pub fn in_profile(config: Config, profile: Profile) -> Result<SmsChannel, InvalidConfig> {
    let clock: SharedClock = Arc::new(MovedClock::frozen_at(Time::UNIX_EPOCH));
    SmsChannel::new(config, profile, &clock)
}

pub fn payload() -> Payload {
    Payload {
        destination: NUMBER.to_owned(),
        person: "Ada".to_owned(),
        company: "Acme \"quoted\"".to_owned(),
        product: "Rescue".to_owned(),
        sender: "Acme".to_owned(),
        locale: Locale::En,
        time_zone: TimeZone::default(),
        content: Content {
            code: Some("123456".to_owned()),
            link: None,
            host: Some("x.example".to_owned()),
            at: None,
            code_expires_at: None,
            link_expires_at: None,
            client: None,
            login: None,
            reason: None,
            by: None,
            roster: None,
            policy: None,
        },
    }
}

pub async fn send(channel: &SmsChannel) -> Result<Accepted, SubmitError> {
    let request = Request {
        version: Request::VERSION,
        id: DeliveryId::derived(Uuid::nil(), "a"),
        company: CompanyId::derived(Uuid::nil(), "acme"),
        intent: IntentId::derived(Uuid::nil(), "a"),
        channel: Channel::Sms,
        kind: MessageKind::SignInCode,
        challenge: None,
        requested_at: Time::UNIX_EPOCH,
        expires_at: Time::UNIX_EPOCH + TimeDelta::minutes(10),
        round: 0,
        payload: SealedPayload { key_id: String::new(), sealed: String::new() },
    };
    channel.submit(&request, &payload()).await
}

/// The class of an answer, and its reason; no reason quotes the number.
pub fn class(result: &Result<Accepted, SubmitError>) -> (&'static str, String) {
    let (class, reason) = match result {
        Ok(accepted) => ("accepted", accepted.provider_id.clone().unwrap_or_default()),
        Err(SubmitError::Retry { reason, .. }) => ("retry", reason.clone()),
        Err(SubmitError::Reject { because: Failure::Configuration, reason }) => {
            ("configuration", reason.clone())
        }
        Err(SubmitError::Reject { reason, .. }) => ("reject", reason.clone()),
        Err(SubmitError::Unknown { reason, .. }) => ("unknown", reason.clone()),
    };
    assert!(!reason.contains(NUMBER), "{reason}");
    (class, reason)
}

/// A refusal as Twilio words it.
pub fn refusal(code: u32, status: u16) -> Value {
    let message = format!("The 'To' number {NUMBER} is not a valid phone number.");
    json!({ "code": code, "message": message, "status": status, "more_info": "https://www.twilio.com/docs/errors/21211" })
}

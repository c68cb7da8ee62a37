//! The channel's settings.

use std::collections::BTreeMap;
use std::num::NonZeroU32;

use serde::Deserialize;
use twostep_runtime::config::{Secret, choice, choices};
use url::Url;

/// The SMS channel's settings.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// The providers by name.
    pub providers: BTreeMap<String, Gateway>,
    /// Where providers say what became of a text: each at its name behind this.
    #[serde(default)]
    pub status_url: Option<Url>,
    /// Failures in a row after which a provider is left alone for a while.
    #[serde(default = "five")]
    pub breaker_failures: NonZeroU32,
    /// For how many seconds.
    #[serde(default = "half_a_minute")]
    pub breaker_seconds: NonZeroU32,
}

/// One provider: one of `twilio`, `vonage` and `webhook`.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Gateway {
    /// Providers with a lower rank are asked first; the same rank goes by name.
    #[serde(default)]
    pub rank: u32,
    /// It serves numbers that begin like this (`+49`); all, when there is none.
    #[serde(default)]
    pub prefixes: Vec<String>,
    /// How many seconds a call may take.
    #[serde(default = "ten")]
    pub timeout_seconds: NonZeroU32,
    /// Whether it is asked to say what became of a text.
    #[serde(default)]
    pub statuses: bool,
    /// Twilio, or what speaks like it.
    #[serde(default)]
    pub twilio: Option<Twilio>,
    /// Vonage, or what speaks like its SMS API.
    #[serde(default)]
    pub vonage: Option<Vonage>,
    /// Anything that takes JSON.
    #[serde(default)]
    pub webhook: Option<Webhook>,
}

/// Twilio's settings; the sender is either a number or a messaging service.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Twilio {
    /// Where its API is.
    #[serde(default = "twilio")]
    pub base: Url,
    /// The account (`AC…`).
    pub account: String,
    /// Its token.
    pub token: Secret,
    /// The sender's number or name.
    #[serde(default)]
    pub from: Option<String>,
    /// The messaging service (`MG…`).
    #[serde(default)]
    pub messaging_service: Option<String>,
}

/// Vonage's settings.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Vonage {
    /// Where its SMS API is.
    #[serde(default = "vonage")]
    pub base: Url,
    /// The account's API key.
    pub key: String,
    /// Its secret.
    pub secret: Secret,
    /// The sender's number or name.
    pub from: String,
    /// What it signs statuses with: for the service that takes them.
    #[serde(default)]
    pub signature_secret: Option<Secret>,
}

/// How to talk to a provider that takes JSON.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Webhook {
    /// By which method.
    #[serde(default, deserialize_with = "choice")]
    pub method: Method,
    /// Where.
    pub url: Url,
    /// Headers to send.
    #[serde(default)]
    pub headers: BTreeMap<String, String>,
    /// Headers to send whose values are secret.
    #[serde(default)]
    pub secret_headers: BTreeMap<String, Secret>,
    /// JSON in which the strings hold `{to}`, `{text}`, `{id}`, `{reference}` and `{status_url}`:
    /// `{"to": "{to}", "text": "{text}"}`.
    pub body: String,
    /// Where the answer holds the message's id (RFC 6901).
    #[serde(default)]
    pub id: Option<String>,
    /// Where the answer holds an error's code (RFC 6901).
    #[serde(default)]
    pub error: Option<String>,
    /// What the error codes mean; a code that isn't listed goes by the answer's status.
    #[serde(default, deserialize_with = "choices")]
    pub errors: BTreeMap<String, Meaning>,
    /// How its statuses are signed and read: for the service that takes them.
    #[serde(default)]
    pub status: Option<Status>,
}

/// How somebody says in JSON what became of a text.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Status {
    /// The header with the HMAC-SHA256 of the body.
    pub header: String,
    /// What it is made with.
    pub secret: Secret,
    /// Where the body holds the text's `{reference}` (RFC 6901).
    pub reference: String,
    /// Where it holds what became of it (RFC 6901).
    pub state: String,
    /// What the words there mean; others mean nothing.
    #[serde(deserialize_with = "choices")]
    pub states: BTreeMap<String, Fate>,
    /// Where it holds the code of an error (RFC 6901).
    #[serde(default)]
    pub code: Option<String>,
}

/// The method of a webhook.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Method {
    /// POST.
    #[default]
    Post,
    /// PUT.
    Put,
}

/// What a provider's error means for us.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Meaning {
    /// Not now: try again.
    Retry,
    /// This number or text is refused for good.
    Reject,
    /// The number's owner, or somebody for it, wants no texts.
    Blocked,
    /// Our own settings are refused: blame nobody.
    Configuration,
}

/// What became of a text that a provider took.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fate {
    /// It arrived.
    Delivered,
    /// It didn't, and won't.
    Failed,
}

fn twilio() -> Url {
    Url::parse("https://api.twilio.com").expect("a URL that is part of the program")
}

fn vonage() -> Url {
    Url::parse("https://rest.nexmo.com").expect("a URL that is part of the program")
}

const fn five() -> NonZeroU32 {
    NonZeroU32::new(5).expect("a number that is part of the program")
}

const fn ten() -> NonZeroU32 {
    NonZeroU32::new(10).expect("a number that is part of the program")
}

const fn half_a_minute() -> NonZeroU32 {
    NonZeroU32::new(30).expect("a number that is part of the program")
}

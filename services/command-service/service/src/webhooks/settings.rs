//! By what each provider is believed. The settings of a program with this service have them as they are, or are made into them.

use std::collections::BTreeMap;

use serde::Deserialize;
use twostep_runtime::config::{Secret, choices};

/// The providers whose word on a text is taken, by name; of others it isn't.
#[derive(Clone, Default, Deserialize)]
#[serde(transparent)]
pub struct Webhooks(pub BTreeMap<String, Webhook>);

/// How one provider signs, and how it is read.
#[derive(Clone, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Webhook {
    /// Twilio.
    Twilio(TwilioWebhook),
    /// Vonage.
    Vonage(VonageWebhook),
    /// Anybody who posts JSON.
    Json(JsonWebhook),
}

/// By what Twilio is believed.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TwilioWebhook {
    /// The address that it calls, as it was handed over with the messages: it is part of what is signed.
    pub url: String,
    /// The account's token.
    pub token: Secret,
}

/// By what Vonage is believed.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct VonageWebhook {
    /// The account's signature secret.
    pub signature_secret: Secret,
}

/// By what somebody who posts JSON is believed.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct JsonWebhook {
    /// The header with the signature.
    pub header: String,
    /// What it is made with.
    pub secret: Secret,
    /// Where the body holds what the message was handed over with as `{reference}` (RFC 6901).
    pub reference: String,
    /// Where it holds what became of the message (RFC 6901).
    pub state: String,
    /// What the words there mean; others mean nothing.
    #[serde(deserialize_with = "choices")]
    pub states: BTreeMap<String, WebhookState>,
    /// Where it holds the code of an error (RFC 6901).
    #[serde(default)]
    pub code: Option<String>,
}

/// What a provider's word means.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WebhookState {
    /// It arrived.
    Delivered,
    /// It didn't, and won't.
    Failed,
}

//! Vonage's delivery receipts: a form or JSON, whose field `sig` is an HMAC-SHA256 over all others
//! (<https://developer.vonage.com/en/getting-started/concepts/signing-messages>). Its own default, a bare MD5, is none that
//! anybody should believe: the account is set to *SHA-256 HMAC*. `client-ref` is what we gave with the message.

use data_encoding::HEXLOWER_PERMISSIVE;
use twostep_vault::Signing;

use super::call::{Call, Claim, field};
use super::{Said, VonageWebhook, WebhookState};

/// The field with the signature.
const SIGNATURE: &str = "sig";

const STATES: &[(&str, WebhookState)] = &[
    ("delivered", WebhookState::Delivered),
    ("expired", WebhookState::Failed),
    ("failed", WebhookState::Failed),
    ("rejected", WebhookState::Failed),
];

impl VonageWebhook {
    pub(super) fn claim(&self, call: &Call<'_>) -> Option<Claim<'_>> {
        let fields = fields(call);
        let signature = HEXLOWER_PERMISSIVE.decode(field(&fields, SIGNATURE)?.as_bytes()).ok()?;
        let mut message = String::new();
        for (name, value) in fields.iter().filter(|(name, _)| name != SIGNATURE) {
            // Whatever could pass for the next field is replaced.
            message.extend(["&", name, "=", &value.replace(['&', '='], "_")]);
        }
        let message = message.into_bytes();
        Some(Claim { signing: Signing::HmacSha256, secret: &self.signature_secret, message, signature })
    }
}

pub(super) fn read(call: &Call<'_>) -> Said {
    let fields = fields(call);
    let status = field(&fields, "status");
    let state = status.and_then(|status| STATES.iter().find(|(word, _)| *word == status));
    Said {
        reference: field(&fields, "client-ref"),
        state: state.map(|(_, state)| *state),
        code: field(&fields, "err-code"),
    }
}

/// The fields, sorted by name: of a JSON object where it is one, else of a form.
fn fields(call: &Call<'_>) -> Vec<(String, String)> {
    let object: Option<serde_json::Map<String, serde_json::Value>> = serde_json::from_slice(call.body).ok();
    let Some(object) = object else { return call.form() };
    let mut fields: Vec<_> = object
        .into_iter()
        .map(|(name, value)| match value {
            serde_json::Value::String(text) => (name, text),
            other => (name, other.to_string()),
        })
        .collect();
    fields.sort();
    fields
}

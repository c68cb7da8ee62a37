//! Twilio's status callbacks: a form, and over its URL and fields an HMAC-SHA1 under the account's token
//! (<https://www.twilio.com/docs/usage/security>). The reference stands in the URL that we gave with the message.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use twostep_vault::Signing;

use super::call::{Call, Claim, field};
use super::{Said, TwilioWebhook, WebhookState};

/// The URL's parameter with the reference.
const REFERENCE: &str = "reference";

const STATES: &[(&str, WebhookState)] = &[
    ("delivered", WebhookState::Delivered),
    ("read", WebhookState::Delivered),
    ("undelivered", WebhookState::Failed),
    ("failed", WebhookState::Failed),
    ("canceled", WebhookState::Failed),
];

impl TwilioWebhook {
    pub(super) fn claim(&self, call: &Call<'_>) -> Option<Claim<'_>> {
        let signature = STANDARD.decode(call.header("x-twilio-signature")?).ok()?;
        // The address as we gave it, never as this request was addressed: proxies change that, and callers choose it.
        let mut message = self.url.clone();
        if let Some(query) = call.query {
            message.push('?');
            message.push_str(query);
        }
        for (name, value) in call.form() {
            message.push_str(&name);
            message.push_str(&value);
        }
        let message = message.into_bytes();
        Some(Claim { signing: Signing::HmacSha1, secret: &self.token, message, signature })
    }
}

pub(super) fn read(call: &Call<'_>) -> Said {
    let fields = call.form();
    let status = field(&fields, "MessageStatus");
    let state = status.and_then(|status| STATES.iter().find(|(word, _)| *word == status));
    Said {
        reference: call.parameter(REFERENCE),
        state: state.map(|(_, state)| *state),
        code: field(&fields, "ErrorCode"),
    }
}

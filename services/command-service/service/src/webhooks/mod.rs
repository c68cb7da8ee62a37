//! What providers of texts say of messages that they took: whether it is theirs to say, and what it means.
//!
//! A provider signs what it says with a secret that was agreed on. [`Webhooks::heard`] is the one guard (S21): a scheme only
//! names what is signed and how, and reads what was said once the guard has found the signature right. A word may come
//! twice, late, and in any order (S28): the message's own rules drop what says nothing new.

mod call;
mod json;
mod settings;
mod twilio;
mod vonage;

#[cfg(test)]
mod tests;

use twostep_delivery::{Outcome, Reference};
use twostep_vault::is_signed;

pub(crate) use call::Call;
use call::Claim;
pub use settings::{JsonWebhook, TwilioWebhook, VonageWebhook, Webhook, WebhookState, Webhooks};

/// A call that nobody we know has signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct NotSigned;

/// A provider's word on a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Heard {
    /// Which message.
    pub(crate) reference: Reference,
    /// What became of it.
    pub(crate) outcome: Outcome,
}

/// What a scheme reads in a call.
#[derive(Default)]
struct Said {
    reference: Option<String>,
    /// None: on its way, or a word that we don't know.
    state: Option<WebhookState>,
    /// Why it came back, in the provider's own word.
    code: Option<String>,
}

impl Webhooks {
    /// What the provider `name` says in `call`; nothing where it is about no message of ours, or no end of one.
    ///
    /// # Errors
    /// [`NotSigned`], also where there is no such provider: nobody learns which there are.
    pub(crate) fn heard(&self, name: &str, call: &Call<'_>) -> Result<Option<Heard>, NotSigned> {
        let webhook = self.0.get(name).ok_or(NotSigned)?;
        let Claim { signing, secret, message, signature } = webhook.claim(call).ok_or(NotSigned)?;
        if !is_signed(signing, secret.expose(), &message, &signature) {
            return Err(NotSigned);
        }
        Ok(meaning(name, webhook.read(call)))
    }
}

impl Webhook {
    /// What the caller claims to have signed.
    fn claim(&self, call: &Call<'_>) -> Option<Claim<'_>> {
        match self {
            Self::Twilio(settings) => settings.claim(call),
            Self::Vonage(settings) => settings.claim(call),
            Self::Json(settings) => settings.claim(call),
        }
    }

    /// What is said in a call that is signed.
    fn read(&self, call: &Call<'_>) -> Said {
        match self {
            Self::Twilio(_) => twilio::read(call),
            Self::Vonage(_) => vonage::read(call),
            Self::Json(settings) => settings.read(call),
        }
    }
}

fn meaning(name: &str, Said { reference, state, code }: Said) -> Option<Heard> {
    let Some(reference) = reference.and_then(|text| text.parse().ok()) else {
        tracing::warn!(provider = name, "a provider speaks of a message that it was not handed by us");
        return None;
    };
    let provider = name.to_owned();
    let outcome = match state? {
        WebhookState::Delivered => Outcome::Delivered { provider },
        WebhookState::Failed => {
            let code = code.as_deref().filter(|code| is_code(code));
            let reason = code.map_or_else(|| "undeliverable".to_owned(), |code| format!("error {code}"));
            Outcome::Bounced { provider, reason }
        }
    };
    Some(Heard { reference, outcome })
}

/// A word or a short number: a sentence may quote whom it was for (S10).
fn is_code(code: &str) -> bool {
    let word = code.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.".contains(&b));
    (1..=40).contains(&code.len()) && word && code.bytes().filter(u8::is_ascii_digit).count() <= 6
}

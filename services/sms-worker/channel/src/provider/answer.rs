//! What an answer means: by the provider's own error code where it is known, else by its status.

use std::time::Duration;

use serde_json::Value;
use twostep_delivery::ProviderError;

use crate::Meaning;

/// A provider's answer.
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) retry_after: Option<Duration>,
    /// `None` when it is no JSON.
    pub(super) body: Option<Value>,
}

impl Answer {
    /// What stands at `pointer`, as text; `None` for nothing, `null`, an empty string and zero.
    pub(super) fn at(&self, pointer: &str) -> Option<String> {
        match self.body.as_ref()?.pointer(pointer)? {
            Value::String(text) if !text.is_empty() => Some(text.clone()),
            Value::Number(number) if number.as_i64() != Some(0) => Some(number.to_string()),
            _ => None,
        }
    }

    /// The verdict on an answer with this error `code` and what the table says about it.
    pub(super) fn verdict(&self, code: Option<&str>, meaning: Option<Meaning>) -> Result<(), ProviderError> {
        let (status, after) = (self.status, self.retry_after);
        let reason = match code {
            Some(code) => format!("error {} with status {status}", short(code)),
            None => format!("status {status}"),
        };
        match (meaning, status) {
            (_, 429) => Err(ProviderError::Unavailable { after, reason }),
            (Some(Meaning::Retry), _) => Err(ProviderError::Retry { after, reason }),
            (Some(Meaning::Reject), _) => Err(ProviderError::Reject { reason }),
            (Some(Meaning::Blocked), _) => {
                Err(ProviderError::Reject { reason: format!("blocked: {reason}") })
            }
            (Some(Meaning::Configuration), _) => Err(ProviderError::Configuration { reason }),
            (None, 200..=299) if code.is_some() => Err(ProviderError::Reject { reason }),
            // It says yes, but not in its own words: something stands between us and the provider.
            (None, 200..=299) if self.body.is_none() => Err(ProviderError::Unknown { reason }),
            (None, 200..=299) => Ok(()),
            // Redirects are not followed; the rest is about who we are and where we call.
            (None, 300..=399 | 401 | 403 | 404 | 405 | 407) => Err(ProviderError::Configuration { reason }),
            (None, 408 | 425) => Err(ProviderError::Retry { after, reason }),
            (None, 400..=499) => Err(ProviderError::Reject { reason }),
            // A gateway that lost its own answer doesn't know either.
            (None, 502 | 504) => Err(ProviderError::Unknown { reason }),
            (None, _) => Err(ProviderError::Unavailable { after, reason }),
        }
    }
}

/// A code that is no sentence: those may quote a number.
fn short(code: &str) -> &str {
    let word = code.len() <= 40 && code.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.".contains(&b));
    let number = code.bytes().filter(u8::is_ascii_digit).count() > 6;
    if word && !number { code } else { "(unlisted)" }
}

//! Anybody who posts JSON and signs it: an HMAC-SHA256 of the body in a header, in hexadecimal or base64.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use data_encoding::HEXLOWER_PERMISSIVE;
use serde_json::Value;
use twostep_vault::Signing;

use super::call::{Call, Claim};
use super::{JsonWebhook, Said};

impl JsonWebhook {
    pub(super) fn claim(&self, call: &Call<'_>) -> Option<Claim<'_>> {
        let text = call.header(&self.header)?;
        let text = text.strip_prefix("sha256=").unwrap_or(text);
        let signature = HEXLOWER_PERMISSIVE.decode(text.as_bytes()).ok();
        let signature = signature.or_else(|| STANDARD.decode(text).ok())?;
        let message = call.body.to_vec();
        Some(Claim { signing: Signing::HmacSha256, secret: &self.secret, message, signature })
    }

    pub(super) fn read(&self, call: &Call<'_>) -> Said {
        let body: Value = serde_json::from_slice(call.body).unwrap_or_default();
        let at = |pointer: &str| match body.pointer(pointer) {
            Some(Value::String(text)) => Some(text.clone()),
            Some(Value::Number(number)) => Some(number.to_string()),
            _ => None,
        };
        Said {
            reference: at(&self.reference),
            state: at(&self.state).and_then(|word| self.states.get(&word)).copied(),
            code: self.code.as_deref().and_then(at),
        }
    }
}

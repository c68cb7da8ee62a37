//! JSON bodies: the media type is enforced, unknown fields are refused, the bytes are kept for the idempotency key.

use axum::extract::{FromRequest, Request};
use axum::http::header;
use serde::de::DeserializeOwned;
use twostep_api::ProblemType;

use crate::app::App;
use crate::refusal::Refused;

/// The largest body in bytes.
pub(crate) const LARGEST: usize = 64 * 1024;

/// A JSON body.
pub(crate) struct Body<T> {
    /// What it says.
    pub(crate) value: T,
    /// Its bytes.
    pub(crate) bytes: Vec<u8>,
}

impl<T: DeserializeOwned> FromRequest<App> for Body<T> {
    type Rejection = Refused;

    async fn from_request(request: Request, _app: &App) -> Result<Self, Refused> {
        let media =
            request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or("");
        let essence = media.split(';').next().unwrap_or("").trim();
        if !essence.eq_ignore_ascii_case("application/json") {
            return Err(Refused::new(
                ProblemType::NotJson,
                "send the body as 'Content-Type: application/json'",
            ));
        }
        let too_large =
            |_| Refused::new(ProblemType::TooLarge, format!("a body has at most {LARGEST} bytes"));
        let bytes = axum::body::to_bytes(request.into_body(), LARGEST).await.map_err(too_large)?.to_vec();
        let value = serde_json::from_slice(&bytes).map_err(|error| {
            // The message names place and field, never a value: a value may be a password.
            let detail = match error.classify() {
                serde_json::error::Category::Data => field_only(&error.to_string()),
                _ => format!("not JSON at line {} column {}", error.line(), error.column()),
            };
            Refused::new(ProblemType::Malformed, detail)
        })?;
        Ok(Self { value, bytes })
    }
}

/// The part of serde's message that names fields and types but no value.
fn field_only(message: &str) -> String {
    let names_fields = ["missing field", "unknown field", "duplicate field", "unknown variant"]
        .iter()
        .any(|start| message.starts_with(start));
    if names_fields && !message.starts_with("unknown variant") {
        return message.to_owned();
    }
    match message.rfind(" at line ") {
        Some(place) => {
            format!("a value has the wrong type or isn't one of those allowed,{}", &message[place..])
        }
        None => "a value has the wrong type or isn't one of those allowed".to_owned(),
    }
}

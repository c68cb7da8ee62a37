//! What every gateway does with a text.

use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Response};

use super::reset::Cutter;
use crate::Channel;
use crate::inbox::Arrival;
use crate::shared::Shared;

/// A text as it is kept.
pub(super) fn arrival(from: String, to: String, text: String) -> Arrival {
    let (channel, to) = (Channel::Sms, vec![to]);
    Arrival { channel, from, to, subject: None, text, html: None, headers: Vec::new(), encrypted: false }
}

/// Lets the fault for texts to `to` do its work, if there is one.
pub(super) async fn struck(
    shared: &Shared,
    cutter: &Cutter,
    to: &str,
    keep: &(dyn Fn() -> u64 + Sync),
) -> Option<Response> {
    let fault = shared.faults.sms(to)?;
    fault.delay().await;
    if fault.reset {
        keep();
        cutter.cut();
        return Some(StatusCode::OK.into_response());
    }
    let status = StatusCode::from_u16(fault.status?).ok()?;
    let mut answer = (status, fault.body.unwrap_or_default()).into_response();
    answer.headers_mut().insert(header::CONTENT_TYPE, header::HeaderValue::from_static("application/json"));
    if let Some(seconds) = fault.retry_after {
        answer.headers_mut().insert(header::RETRY_AFTER, seconds.into());
    }
    Some(answer)
}

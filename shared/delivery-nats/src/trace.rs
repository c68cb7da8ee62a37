//! What a message or report is because of, in its header.

use async_nats::HeaderMap;
use twostep_delivery::Trace;
use uuid::Uuid;

/// The headers of what is sent about the message `id`.
pub(crate) fn headers(id: Uuid) -> HeaderMap {
    let mut headers = HeaderMap::new();
    if let Some(trace) = Trace::current() {
        headers.insert(Trace::HEADER, trace.header(id));
    }
    headers
}

/// What is said there. Whoever may publish may write anything: what doesn't fit counts as nothing.
pub(crate) fn of(headers: Option<&HeaderMap>) -> Option<Trace> {
    let mut named = headers?.get_all(Trace::HEADER);
    let only = named.next().filter(|_| named.next().is_none());
    only?.as_str().parse().ok()
}

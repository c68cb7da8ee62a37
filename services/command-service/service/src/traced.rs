//! Which request something is because of: W3C Trace Context in, and an id of our own where none came.

use axum::extract::{MatchedPath, Request};
use axum::http::{HeaderMap, Method};
use axum::middleware::Next;
use axum::response::Response;
use twostep_delivery::Trace;
use twostep_vault::random;

/// Carries a request out within its trace, and logs how it was answered: at the level `debug` where it only asks.
pub(crate) async fn traced(request: Request, next: Next) -> Response {
    let trace = named(request.headers()).or_else(|| Trace::of(random::new_id()));
    let method = request.method().clone();
    // The template, never the path: a link's token lies in one (S10).
    let route = request.extensions().get::<MatchedPath>().map_or("none", MatchedPath::as_str).to_owned();
    Trace::within(trace, async {
        let response = next.run(request).await;
        let status = response.status().as_u16();
        if matches!(method, Method::GET | Method::HEAD) {
            tracing::debug!(%method, route, status, "a request was answered");
        } else {
            tracing::info!(%method, route, status, "a request was answered");
        }
        response
    })
    .await
}

/// The id that the caller gave: our own header goes before the one that any proxy may add. What can't be read counts as
/// nothing, and so do two.
fn named(headers: &HeaderMap) -> Option<Trace> {
    let only = |name: &str| {
        let mut values = headers.get_all(name).iter();
        values.next().filter(|_| values.next().is_none()).and_then(|value| value.to_str().ok())
    };
    let own = only("x-correlation-id").and_then(|id| id.parse().ok()).and_then(Trace::of);
    own.or_else(|| only(Trace::HEADER).and_then(|header| header.parse().ok()))
}

#[cfg(test)]
mod tests {
    use super::*;

    const PARENT: &str = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    const OTHER: &str = "00-11111111111111111111111111111111-b7ad6b7169203331-01";

    fn read(given: &[(&'static str, &str)]) -> Option<String> {
        let mut headers = HeaderMap::new();
        for (name, value) in given {
            headers.append(*name, value.parse().unwrap());
        }
        named(&headers).map(|trace| trace.to_string())
    }

    #[test]
    fn a_caller_may_name_the_trace_and_what_is_not_of_the_standard_counts_as_nothing() {
        let trace = Some("0af7651916cd43dd8448eb211c80319c".to_owned());
        assert_eq!(read(&[("traceparent", PARENT)]), trace);
        assert_eq!(read(&[("x-correlation-id", "0af76519-16cd-43dd-8448-eb211c80319c")]), trace);
        assert_eq!(read(&[("x-correlation-id", "nonsense"), ("traceparent", PARENT)]), trace);
        let own = "0af76519-16cd-43dd-8448-eb211c80319c";
        assert_eq!(read(&[("traceparent", OTHER), ("x-correlation-id", own)]), trace);
        assert_eq!(read(&[("traceparent", PARENT), ("traceparent", OTHER)]), None);
        assert_eq!(read(&[("traceparent", "00-0af7651916cd43dd8448eb211c80319c-01")]), None);
        assert_eq!(read(&[("x-correlation-id", "00000000-0000-0000-0000-000000000000")]), None);
        assert_eq!(read(&[]), None);
    }
}

//! Bodies that arrive in time.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use axum::body::{Body, HttpBody as _};
use axum::extract::{Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use futures::StreamExt as _;
use tokio::time::{Instant, timeout_at};

/// What a body that took too long is answered with (RFC 9457); as the API's own refusals, which are made further in.
pub const TOO_SLOW: &str = r#"{"type":"urn:twostep:problem:too-slow","title":"The request took too long","status":408,"detail":"the body didn't arrive in time: send it again"}"#;

/// The body didn't arrive in time.
#[derive(Debug, thiserror::Error)]
#[error("the body didn't arrive in time")]
struct TooSlow;

/// Lets the request's body take `limit` at most: its reader fails then, and whatever it makes of that, the answer is 408.
pub(crate) async fn in_time(State(limit): State<Duration>, request: Request, next: Next) -> Response {
    if request.body().is_end_stream() {
        return next.run(request).await;
    }
    let late = Arc::new(AtomicBool::new(false));
    let told = late.clone();
    let deadline = Instant::now() + limit;
    let request = request.map(|body| {
        let chunks = futures::stream::unfold(body.into_data_stream(), move |mut chunks| {
            let told = told.clone();
            async move {
                let chunk = match timeout_at(deadline, chunks.next()).await {
                    Ok(chunk) => chunk?,
                    Err(_elapsed) => {
                        told.store(true, Ordering::Relaxed);
                        Err(axum::Error::new(TooSlow))
                    }
                };
                Some((chunk, chunks))
            }
        });
        Body::from_stream(chunks)
    });
    let response = next.run(request).await;
    if late.load(Ordering::Relaxed) { too_slow() } else { response }
}

fn too_slow() -> Response {
    let mut response = (StatusCode::REQUEST_TIMEOUT, TOO_SLOW).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
    headers.insert(header::CONNECTION, HeaderValue::from_static("close"));
    response
}

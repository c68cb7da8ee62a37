//! Requests are carried out to the end.

use std::convert::Infallible;

use axum::extract::{FromRequestParts, Request};
use axum::http::request::Parts;
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use tokio_util::sync::CancellationToken;
use twostep_api::ProblemType;

use crate::refusal::Refused;

/// Whoever waits for the answer, for handlers that only read and may break off.
#[derive(Clone, Default)]
pub(crate) struct Caller(CancellationToken);

impl Caller {
    /// Returns once nobody waits any more.
    pub(crate) async fn gone(&self) {
        self.0.cancelled().await;
    }
}

impl<S: Sync> FromRequestParts<S> for Caller {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(parts.extensions.get().cloned().unwrap_or_default())
    }
}

/// Carries a request out to the end even where its caller hangs up: work over two streams is not left half done. What
/// breaks on the way is a fault of ours, of which the answer says no more.
pub(crate) async fn run(mut request: Request, next: Next) -> Response {
    let caller = Caller::default();
    // Dropped with this future, which a hang-up ends.
    let _waits = caller.0.clone().drop_guard();
    request.extensions_mut().insert(caller);
    match tokio::spawn(next.run(request)).await {
        Ok(response) => response,
        Err(error) => {
            tracing::error!(%error, "a handler failed");
            let detail = "this is a fault in the service, not in the request: its log says more";
            Refused::new(ProblemType::Internal, detail).into_response()
        }
    }
}

#[cfg(test)]
mod tests {
    use axum::body::{Body, to_bytes};
    use axum::http::{StatusCode, header};
    use axum::routing::get;
    use axum::{Extension, Router, middleware};
    use tokio::sync::mpsc;
    use tower::ServiceExt as _;
    use twostep_api::Problem;

    use super::*;

    /// Says when it begins, when its caller is gone, and that it goes on until its end all the same.
    async fn slow(caller: Caller, Extension(said): Extension<mpsc::UnboundedSender<&'static str>>) {
        said.send("begun").unwrap();
        caller.gone().await;
        said.send("gone").unwrap();
        tokio::task::yield_now().await;
        said.send("done").unwrap();
    }

    #[tokio::test]
    async fn whoever_hangs_up_is_gone_and_the_handler_is_carried_out_to_the_end() {
        let (said, mut heard) = mpsc::unbounded_channel();
        let routes = Router::new().route("/", get(slow)).layer(Extension(said));
        let app = routes.layer(middleware::from_fn(run));
        let asking = tokio::spawn(app.oneshot(Request::new(Body::empty())));
        assert_eq!(heard.recv().await, Some("begun"));
        assert!(heard.is_empty(), "somebody waits still");
        asking.abort();
        assert_eq!(heard.recv().await, Some("gone"));
        assert_eq!(heard.recv().await, Some("done"));
    }

    async fn breaks() {
        panic!("with what nobody is to read");
    }

    #[tokio::test]
    async fn a_handler_that_panics_is_a_fault_of_ours_and_the_answer_says_nothing_of_it() {
        let app = Router::new().route("/", get(breaks)).layer(middleware::from_fn(run));
        let answer = app.oneshot(Request::new(Body::empty())).await.unwrap();
        assert_eq!(answer.status(), StatusCode::INTERNAL_SERVER_ERROR);
        assert_eq!(answer.headers()[header::CONTENT_TYPE], "application/problem+json");
        let body = to_bytes(answer.into_body(), 4_096).await.unwrap();
        let problem: Problem = serde_json::from_slice(&body).unwrap();
        assert_eq!(problem.kind, ProblemType::Internal);
        assert!(!String::from_utf8_lossy(&body).contains("nobody is to read"));
    }
}

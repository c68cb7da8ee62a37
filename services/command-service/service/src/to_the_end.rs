//! Requests are carried out to the end.

use axum::extract::Request;
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use twostep_api::ProblemType;

use crate::refusal::Refused;

/// Carries a request out to the end even where its caller hangs up: work over two streams is not left half done. What
/// breaks on the way is a fault of ours, of which the answer says no more.
pub(crate) async fn run(request: Request, next: Next) -> Response {
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
    use axum::{Router, middleware};
    use tower::ServiceExt as _;
    use twostep_api::Problem;

    use super::*;

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

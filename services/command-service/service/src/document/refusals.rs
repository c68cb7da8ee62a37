//! The refusals that any route can give.

use axum::http::StatusCode;
use utoipa::openapi::path::Operation;
use utoipa::openapi::{Content, ContentBuilder, Ref, RefOr, Response};

use super::OPEN;
use super::headers::add_status;

/// The media type of refusals (RFC 9457).
pub(super) const PROBLEM: &str = "application/problem+json";

/// The name of the answer to a body that doesn't arrive in time.
pub(super) const TOO_SLOW: &str = "TooSlow";

/// That answer: the same for every route that takes a body, and described once.
pub(super) fn too_slow() -> Response {
    let mut response = Response::new("The body didn't arrive in time: send it again");
    response.content.insert(PROBLEM.to_owned(), RefOr::T(problem()));
    response
}

/// Adds the refusals that come before a handler's own, and gives all of them their media type.
pub(super) fn add_refusals(method: &str, path: &str, operation: &mut Operation) {
    let mut everywhere = vec![StatusCode::TOO_MANY_REQUESTS, StatusCode::SERVICE_UNAVAILABLE];
    if !OPEN.contains(&path) {
        everywhere.extend([StatusCode::UNAUTHORIZED, StatusCode::FORBIDDEN]);
    }
    if method != "get" && (path.contains('{') || !OPEN.contains(&path)) {
        everywhere.push(StatusCode::CONFLICT);
    }
    if path.contains('{') {
        everywhere.push(StatusCode::NOT_FOUND);
    }
    if operation.request_body.is_some() {
        everywhere.extend([
            StatusCode::BAD_REQUEST,
            StatusCode::PAYLOAD_TOO_LARGE,
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
        ]);
    }
    for status in everywhere {
        add_status(operation, status);
    }
    if operation.request_body.is_some() {
        let too_slow = RefOr::Ref(Ref::from_response_name(TOO_SLOW));
        operation.responses.responses.insert(StatusCode::REQUEST_TIMEOUT.as_str().to_owned(), too_slow);
    }
    for (status, response) in &mut operation.responses.responses {
        let RefOr::T(response) = response else { continue };
        let Ok(status) = status.parse::<StatusCode>() else { continue };
        if response.description.is_empty() {
            response.description = status.canonical_reason().unwrap_or_default().to_owned();
        }
        if status.is_client_error() || status.is_server_error() {
            response.content = [(PROBLEM.to_owned(), RefOr::T(problem()))].into_iter().collect();
        }
    }
}

fn problem() -> Content {
    ContentBuilder::new().schema(Some(Ref::from_schema_name("Problem"))).build()
}

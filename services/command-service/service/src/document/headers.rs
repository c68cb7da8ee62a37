//! Headers that hold for many routes: positions, revisions, idempotency keys, when to ask again.

use axum::http::StatusCode;
use utoipa::openapi::header::Header;
use utoipa::openapi::path::{Operation, Parameter, ParameterBuilder, ParameterIn};
use utoipa::openapi::{Object, RefOr, Required, Response, Type};

use super::OPEN;
use crate::positions;

/// A command's answer says where it left the log, and a question can ask to be at least there.
pub(super) fn add_positions(method: &str, path: &str, operation: &mut Operation) {
    if method != "get" {
        let what = format!(
            "Where in the log the change is, to ask questions with as {}; none where nothing changed.",
            positions::LEAST
        );
        answer_with(operation, positions::POSITION, Type::String, &what, |status| status.starts_with('2'));
    } else if !OPEN.contains(&path) {
        let what = format!(
            "The {} of an answer: this one is not older. 503 where that takes too long here.",
            positions::POSITION
        );
        add_header(operation, positions::LEAST, what);
        add_status(operation, StatusCode::BAD_REQUEST);
    }
}

/// Administrators' writes happen once per key (S35).
pub(super) fn add_idempotency(method: &str, path: &str, operation: &mut Operation) {
    if method == "get" || !path.starts_with("/api/v1/companies/") {
        return;
    }
    let what = "1 to 128 characters: the same request with the same key happens once and gives no secret again; with \
                another body it is refused with 422.";
    add_header(operation, "Idempotency-Key", what.to_owned());
    add_status(operation, StatusCode::BAD_REQUEST);
    add_status(operation, StatusCode::UNPROCESSABLE_ENTITY);
}

/// The ETags that changes send back as `If-Match`: `replaced` are the paths of those changes.
pub(super) fn add_etags(method: &str, path: &str, operation: &mut Operation, replaced: &[String]) {
    // What a change replaces is shown at its own path, or at that of the thing that it is a part of.
    let part = |of: &String| path.ends_with('}') && of.starts_with(&format!("{path}/"));
    let shown = method == "get" && replaced.iter().any(|other| other == path || part(other));
    let changed = method == "put" && replaced.iter().any(|other| other == path);
    if shown || changed {
        let what = "The revision of what is shown: If-Match of a change sends it back.";
        answer_with(operation, "ETag", Type::String, what, |status| status.starts_with('2'));
    }
}

/// When the same request can succeed.
pub(super) fn add_retry_after(operation: &mut Operation) {
    let what =
        "After how many seconds the same request can succeed, where that is known: next_at of the problem.";
    // A wrong code may make the next try wait.
    let temporary =
        [StatusCode::UNPROCESSABLE_ENTITY, StatusCode::TOO_MANY_REQUESTS, StatusCode::SERVICE_UNAVAILABLE];
    answer_with(operation, "Retry-After", Type::Integer, what, |status| {
        temporary.iter().any(|it| it.as_str() == status)
    });
}

/// Whether the operation replaces something that somebody else could have changed.
pub(super) fn is_conditional(operation: &Operation) -> bool {
    let parameters = operation.parameters.iter().flatten();
    parameters.into_iter().any(|it| matches!(it, RefOr::T(it) if it.name == "If-Match"))
}

/// Says that the answers of the chosen statuses carry a header.
fn answer_with(operation: &mut Operation, name: &str, kind: Type, what: &str, of: impl Fn(&str) -> bool) {
    let mut header = Header::new(Object::with_type(kind));
    header.description = Some(what.to_owned());
    for (_, response) in operation.responses.responses.iter_mut().filter(|(status, _)| of(status)) {
        if let RefOr::T(response) = response {
            response.headers.insert(name.to_owned(), RefOr::T(header.clone()));
        }
    }
}

fn add_header(operation: &mut Operation, name: &str, description: String) {
    let header: Parameter = ParameterBuilder::new()
        .name(name)
        .parameter_in(ParameterIn::Header)
        .required(Required::False)
        .description(Some(description))
        .schema(Some(Object::with_type(Type::String)))
        .build();
    operation.parameters.get_or_insert_default().push(RefOr::T(header));
}

pub(super) fn add_status(operation: &mut Operation, status: StatusCode) {
    let responses = &mut operation.responses.responses;
    responses.entry(status.as_str().to_owned()).or_insert_with(|| RefOr::T(Response::default()));
}

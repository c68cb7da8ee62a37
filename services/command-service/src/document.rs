//! The OpenAPI document: what the routes say of themselves, and what holds for all of them.

use axum::http::StatusCode;
use utoipa::openapi::header::Header;
use utoipa::openapi::path::{Operation, Parameter, ParameterBuilder, ParameterIn, PathItem};
use utoipa::openapi::security::{Http, HttpAuthScheme, SecurityRequirement, SecurityScheme};
use utoipa::openapi::{
    Components, Content, ContentBuilder, Object, OpenApi, Ref, RefOr, Required, Response, Type,
};
use utoipa::{Modify, OpenApi as _};

use crate::positions;

/// The name of the one security scheme.
const BEARER: &str = "bearer";

/// The paths that take no token, or work without one: each asks for a password or a link's token instead.
const OPEN: &[&str] = &[
    "/api/v1/sign-ins",
    "/api/v1/invitations/{token}",
    "/api/v1/password-resets",
    "/api/v1/password-resets/{token}",
    "/api/v1/verification-links/{token}",
];

/// The media type of refusals (RFC 9457).
const PROBLEM: &str = "application/problem+json";

/// The document's frame; [`complete`] adds what only the routes together tell.
#[derive(utoipa::OpenApi)]
#[openapi(
    info(
        title = "Twostep",
        version = "1",
        description = "Two-step verification for organisations: policy, set-up, sign-in. Every refusal is an RFC 9457 problem whose type is one of ProblemType. \
                       Idempotency-Key is honoured where it is among a route's parameters, for 24 hours; no other route takes one."
    ),
    components(schemas(twostep_api::Problem, twostep_api::DeliveryState))
)]
struct Frame;

/// An empty document to collect routes in.
pub(crate) fn frame() -> OpenApi {
    Frame::openapi()
}

/// The document with operation ids, the security scheme, and the refusals that every route can give.
pub(crate) fn complete(mut document: OpenApi) -> OpenApi {
    Everywhere.modify(&mut document);
    document
}

struct Everywhere;

impl Modify for Everywhere {
    fn modify(&self, document: &mut OpenApi) {
        let mut scheme = Http::new(HttpAuthScheme::Bearer);
        scheme.description = Some(
            "The token of a session, or of a pending sign-in for the routes of the second step and the set-up."
                .to_owned(),
        );
        let components = document.components.get_or_insert_with(Components::new);
        components.add_security_scheme(BEARER, SecurityScheme::Http(scheme));
        for (path, item) in &mut document.paths.paths {
            for (method, operation) in operations(item) {
                operation.operation_id = Some(operation_id(method, path));
                secure(path, operation);
                add_positions(method, path, operation);
                add_idempotency(method, path, operation);
                add_refusals(path, operation);
            }
        }
    }
}

fn operations(item: &mut PathItem) -> impl Iterator<Item = (&'static str, &mut Operation)> {
    let PathItem { get, put, post, delete, .. } = item;
    [("get", get), ("put", put), ("post", post), ("delete", delete)]
        .into_iter()
        .filter_map(|(method, operation)| operation.as_mut().map(|operation| (method, operation)))
}

/// `getCompaniesIdPolicy`: the functions behind the routes share names, method and path don't.
fn operation_id(method: &str, path: &str) -> String {
    let words = path.trim_start_matches("/api/v1").split(|c: char| !c.is_ascii_alphanumeric());
    words.filter(|word| !word.is_empty()).fold(method.to_owned(), |mut id, word| {
        let (first, rest) = word.split_at(1);
        id += &first.to_ascii_uppercase();
        id += rest;
        id
    })
}

fn secure(path: &str, operation: &mut Operation) {
    let mut ways = vec![SecurityRequirement::new(BEARER, [""; 0])];
    if OPEN.contains(&path) {
        ways.push(SecurityRequirement::default());
    }
    operation.security = Some(ways);
}

/// A command's answer says where it left the log, and a question can ask to be at least there.
fn add_positions(method: &str, path: &str, operation: &mut Operation) {
    if method != "get" {
        let mut header = Header::new(Object::with_type(Type::String));
        header.description = Some(format!(
            "Where in the log the change is, to ask questions with as {}; none where nothing changed.",
            positions::LEAST
        ));
        let responses = operation.responses.responses.iter_mut();
        for (_, response) in responses.filter(|(status, _)| status.starts_with('2')) {
            if let RefOr::T(response) = response {
                response.headers.insert(positions::POSITION.to_owned(), RefOr::T(header.clone()));
            }
        }
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
fn add_idempotency(method: &str, path: &str, operation: &mut Operation) {
    if method == "get" || !path.starts_with("/api/v1/companies/") {
        return;
    }
    let what = "1 to 128 characters: the same request with the same key happens once and gives no secret again; with \
                another body it is refused with 422.";
    add_header(operation, "Idempotency-Key", what.to_owned());
    add_status(operation, StatusCode::BAD_REQUEST);
    add_status(operation, StatusCode::UNPROCESSABLE_ENTITY);
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

fn add_status(operation: &mut Operation, status: StatusCode) {
    let responses = &mut operation.responses.responses;
    responses.entry(status.as_str().to_owned()).or_insert_with(|| RefOr::T(Response::default()));
}

/// Adds the refusals that come before a handler's own, and gives all of them their media type.
fn add_refusals(path: &str, operation: &mut Operation) {
    let mut everywhere = vec![StatusCode::TOO_MANY_REQUESTS, StatusCode::SERVICE_UNAVAILABLE];
    if !OPEN.contains(&path) {
        everywhere.push(StatusCode::UNAUTHORIZED);
        if path.contains('{') {
            everywhere.push(StatusCode::NOT_FOUND);
        }
    }
    if path.starts_with("/api/v1/companies/") {
        everywhere.push(StatusCode::FORBIDDEN);
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

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::path::PathBuf;

    use serde_json::Value;

    /// The variable that lets the test write what it compares: `./just schemas` sets it.
    const WRITE: &str = "TWOSTEP_WRITE_SCHEMAS";

    fn document() -> Value {
        serde_json::from_str(&crate::openapi()).unwrap()
    }

    fn operations(document: &Value) -> Vec<(String, &Value)> {
        let paths = document["paths"].as_object().unwrap();
        paths
            .iter()
            .flat_map(|(path, item)| {
                let item = item.as_object().unwrap();
                item.iter().map(move |(method, operation)| (format!("{method} {path}"), operation))
            })
            .collect()
    }

    #[test]
    fn the_checked_in_document_is_the_served_one() {
        let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../schemas/openapi.json");
        let served = crate::openapi() + "\n";
        if std::env::var_os(WRITE).is_some() {
            std::fs::write(&path, &served).unwrap();
        }
        let checked_in = std::fs::read_to_string(&path).unwrap_or_default();
        assert!(checked_in == served, "schemas/openapi.json is not the served one: run `./just schemas`");
    }

    #[test]
    fn every_operation_has_a_summary_and_an_id_of_its_own() {
        let document = document();
        let mut ids = BTreeSet::new();
        for (name, operation) in operations(&document) {
            assert!(operation["summary"].as_str().is_some_and(|it| it.len() > 5), "{name} has no summary");
            let id = operation["operationId"].as_str().unwrap_or_default();
            assert!(!id.is_empty() && ids.insert(id), "{name} has no operation id of its own: {id}");
        }
        assert!(ids.len() > 50, "only {} operations were found", ids.len());
    }

    #[test]
    fn every_refusal_is_a_problem_and_every_operation_names_some() {
        let document = document();
        for (name, operation) in operations(&document) {
            let responses = operation["responses"].as_object().unwrap();
            let refusals: Vec<_> = responses.iter().filter(|(status, _)| status.as_str() >= "400").collect();
            assert!(refusals.len() >= 3, "{name} names {} refusals", refusals.len());
            for (status, response) in refusals {
                let schema = &response["content"][super::PROBLEM]["schema"]["$ref"];
                assert_eq!(schema, "#/components/schemas/Problem", "{name}: {status}");
            }
            for (status, response) in responses {
                assert!(!response["description"].as_str().unwrap_or_default().is_empty(), "{name}: {status}");
            }
        }
    }

    /// A PUT without a body adds or takes one thing by its name: it replaces nothing that somebody could have changed.
    #[test]
    fn every_put_that_replaces_something_wants_the_revision_that_was_seen() {
        let document = document();
        let puts = operations(&document)
            .into_iter()
            .filter(|(name, it)| name.starts_with("put ") && it.get("requestBody").is_some());
        let mut found = 0;
        for (name, operation) in puts {
            let parameters = operation["parameters"].as_array().unwrap();
            let if_match =
                parameters.iter().find(|it| it["name"] == "If-Match").unwrap_or_else(|| panic!("{name}"));
            assert_eq!((&if_match["in"], &if_match["required"]), (&"header".into(), &true.into()), "{name}");
            for status in ["412", "428"] {
                assert!(operation["responses"].get(status).is_some(), "{name} has no {status}");
            }
            found += 1;
        }
        assert!(found >= 9, "only {found} were found");
    }

    fn has_header(operation: &Value, name: &str) -> bool {
        let parameters = operation["parameters"].as_array();
        parameters.is_some_and(|all| all.iter().any(|it| it["name"] == name && it["in"] == "header"))
    }

    #[test]
    fn every_question_takes_a_position_and_every_command_gives_one() {
        let document = document();
        for (name, operation) in operations(&document) {
            let open = operation["security"].as_array().unwrap().len() > 1;
            let asks = name.starts_with("get ");
            assert_eq!(has_header(operation, super::positions::LEAST), asks && !open, "{name}");
            let responses = operation["responses"].as_object().unwrap();
            for (status, response) in responses.iter().filter(|(status, _)| status.starts_with('2')) {
                let told = response["headers"].get(super::positions::POSITION).is_some();
                assert_eq!(told, !asks, "{name}: {status}");
            }
        }
    }

    #[test]
    fn s35_every_write_of_an_administrator_takes_an_idempotency_key_and_nothing_else_does() {
        let document = document();
        for (name, operation) in operations(&document) {
            let takes = !name.starts_with("get ") && name.contains(" /api/v1/companies/");
            assert_eq!(has_header(operation, "Idempotency-Key"), takes, "{name}");
            assert!(!takes || operation["responses"].get("422").is_some(), "{name}");
        }
    }

    #[test]
    fn whatever_is_not_open_needs_a_bearer_token() {
        let document = document();
        assert_eq!(document["components"]["securitySchemes"]["bearer"]["scheme"], "bearer");
        let mut open = BTreeSet::new();
        for (name, operation) in operations(&document) {
            let ways = operation["security"].as_array().unwrap();
            assert!(ways[0].get("bearer").is_some(), "{name}");
            if ways.len() > 1 {
                open.insert(name.split(' ').next_back().unwrap().to_owned());
            }
        }
        let expected: BTreeSet<String> = super::OPEN.iter().map(|path| (*path).to_owned()).collect();
        assert_eq!(open, expected);
    }
}

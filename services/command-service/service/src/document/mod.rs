//! The OpenAPI document: what the routes say of themselves, and what holds for all of them.

mod events;
mod headers;
mod refusals;
#[cfg(test)]
mod tests;

pub(crate) use events::DELIVERY;

use utoipa::openapi::path::{Operation, PathItem};
use utoipa::openapi::security::{Http, HttpAuthScheme, SecurityRequirement, SecurityScheme};
use utoipa::openapi::{Components, OpenApi, RefOr};
use utoipa::{Modify, OpenApi as _};

/// The name of the one security scheme.
const BEARER: &str = "bearer";

/// The paths that take no token, or work without one: each asks for a password, a link's token or a signature instead.
const OPEN: &[&str] = &[
    "/api/v1/sign-ins",
    "/api/v1/invitations/{token}",
    "/api/v1/password-resets",
    "/api/v1/password-resets/{token}",
    "/api/v1/verification-links/{token}",
    "/api/v1/webhooks/sms/{provider}",
];

/// The document's frame; [`complete`] adds what only the routes together tell.
#[derive(utoipa::OpenApi)]
#[openapi(
    info(
        title = "Twostep",
        version = "1",
        description = "Two-step verification for organisations: policy, set-up, sign-in. Every refusal is an RFC 9457 problem whose type is one of ProblemType. \
                       Beside those that a route names, any can be answered with 405 for a method it doesn't take and with 500 for a fault of ours, and a path that is none with 404. \
                       Idempotency-Key is honoured where it is among a route's parameters, for 24 hours; no other route takes one. \
                       If-Match takes one ETag as GET gave it; * is refused with 412, as it would overwrite what nobody looked at."
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
        components.responses.insert(refusals::TOO_SLOW.to_owned(), RefOr::T(refusals::too_slow()));
        let replaced = replaced(document);
        for (path, item) in &mut document.paths.paths {
            for (method, operation) in operations(item) {
                operation.operation_id = Some(operation_id(method, path));
                secure(path, operation);
                headers::add_positions(method, path, operation);
                headers::add_idempotency(method, path, operation);
                headers::add_etags(method, path, operation, &replaced);
                refusals::add_refusals(method, path, operation);
                headers::add_retry_after(operation);
                events::describe(operation);
            }
        }
    }
}

/// The paths whose PUT replaces something, and wants the revision that was seen.
fn replaced(document: &OpenApi) -> Vec<String> {
    let paths = document.paths.paths.iter();
    let conditional = paths.filter(|(_, item)| item.put.as_ref().is_some_and(headers::is_conditional));
    conditional.map(|(path, _)| path.clone()).collect()
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

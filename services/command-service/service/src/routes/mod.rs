//! The routes: one file per resource; the OpenAPI document is made of them.

mod audit;
mod audit_state;
mod companies;
mod deliveries;
mod events;
mod groups;
#[cfg(test)]
mod held;
mod invitations;
mod links;
mod me;
mod member_changes;
mod member_list;
mod members;
mod message_state;
mod password_resets;
mod policy;
mod sessions;
mod set_up;
mod set_up_steps;
mod sign_ins;
mod verifications;
mod webhooks;

pub(crate) use companies::name;

use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use twostep_event_store::{Checkpoint, Revision};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::app::App;
use crate::document;
use crate::positions::tell;

/// The public routes under `/api/v1`, and the document that describes them.
pub(crate) fn public() -> OpenApiRouter<App> {
    let v1 = OpenApiRouter::new()
        .routes(routes!(sign_ins::start))
        .routes(routes!(sign_ins::show))
        .routes(routes!(sign_ins::current))
        .routes(routes!(events::delivery))
        .routes(routes!(verifications::send))
        .routes(routes!(verifications::verify))
        .routes(routes!(sessions::list))
        .routes(routes!(sessions::end))
        .routes(routes!(sessions::step_up))
        .routes(routes!(set_up::show, set_up::start))
        .routes(routes!(set_up::activate))
        .routes(routes!(set_up::recovery_codes))
        .routes(routes!(set_up_steps::pair))
        .routes(routes!(set_up_steps::confirm_app))
        .routes(routes!(set_up_steps::verify_email))
        .routes(routes!(set_up_steps::confirm_email))
        .routes(routes!(set_up_steps::verify_phone))
        .routes(routes!(set_up_steps::confirm_phone))
        .routes(routes!(links::show, links::open))
        .routes(routes!(invitations::show, invitations::accept))
        .routes(routes!(password_resets::request))
        .routes(routes!(password_resets::show, password_resets::reset))
        .routes(routes!(me::show))
        .routes(routes!(me::change_password))
        .routes(routes!(me::turn_off))
        .routes(routes!(companies::show))
        .routes(routes!(companies::branding))
        .routes(routes!(companies::sms_countries))
        .routes(routes!(companies::transfer))
        .routes(routes!(policy::show, policy::save))
        .routes(routes!(policy::effect))
        .routes(routes!(groups::list, groups::create))
        .routes(routes!(groups::show, groups::change))
        .routes(routes!(groups::enforcement))
        .routes(routes!(groups::lock))
        .routes(routes!(groups::assign, groups::remove))
        .routes(routes!(member_list::list, members::invite))
        .routes(routes!(members::resets))
        .routes(routes!(members::show))
        .routes(routes!(members::unlock))
        .routes(routes!(member_changes::roles))
        .routes(routes!(member_changes::group))
        .routes(routes!(member_changes::standing))
        .routes(routes!(member_changes::invitation))
        .routes(routes!(member_changes::erase))
        .routes(routes!(audit::events))
        .routes(routes!(audit_state::show))
        .routes(routes!(deliveries::list))
        .routes(routes!(webhooks::sms));
    OpenApiRouter::with_openapi(document::frame()).nest("/api/v1", v1)
}

/// An answer with the revision that it shows, as its ETag.
pub(crate) fn versioned<T: Serialize>(value: T, revision: u64) -> Response {
    let mut response = Json(value).into_response();
    if let Ok(etag) = HeaderValue::from_str(&format!("\"{revision}\"")) {
        response.headers_mut().insert(header::ETAG, etag);
    }
    response
}

/// The same after a change: with the position from which on queries see it.
pub(crate) fn changed<T: Serialize>(value: T, revision: Option<Revision>, position: &Checkpoint) -> Response {
    let mut response = versioned(value, revision.map_or(0, |revision| revision.0));
    tell(&mut response, position);
    response
}

/// An empty answer after a change.
pub(crate) fn done(position: &Checkpoint) -> Response {
    let mut response = StatusCode::NO_CONTENT.into_response();
    tell(&mut response, position);
    response
}

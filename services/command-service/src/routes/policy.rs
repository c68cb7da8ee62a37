//! `companies/{id}/policy`: *Global Settings → Two-step verification*.

use axum::extract::State;
use axum::response::Response;
use twostep_api::{Policy, Problem, ProblemType, PutPolicy};
use twostep_domain::company::ChangePolicy;
use uuid::Uuid;

use super::companies::own;
use super::{changed, versioned};
use crate::app::App;
use crate::refusal::Refused;
use crate::request::{Ask, Body, Path, Session};
use crate::shape;

/// The policy, for Master Admins (fact 1) and auditors. Its ETag, the company's too, is what *Save Changes* sends back.
#[utoipa::path(get, path = "/companies/{id}/policy", tag = "policy", params(("id" = Uuid, Path)),
    responses((status = 200, body = Policy), (status = 403, body = Problem), (status = 404, body = Problem)))]
pub(crate) async fn show(
    State(app): State<App>,
    Session(caller): Session,
    Path(id): Path<Uuid>,
) -> Result<Response, Refused> {
    let company = own(&caller, id)?;
    if !caller.principal.is_master_admin() && !caller.principal.roles.has(twostep_domain::Role::Auditor) {
        return Err(Refused::new(ProblemType::Forbidden, "only Master Admins reach Global Settings"));
    }
    let fold = app.commands.company(company).await?;
    let registered = fold.state().registered().ok_or_else(Refused::not_found)?;
    Ok(versioned(shape::policy(registered.policy()), fold.revision().map_or(0, |revision| revision.0)))
}

/// *Save Changes*.
#[utoipa::path(put, path = "/companies/{id}/policy", tag = "policy",
    params(("id" = Uuid, Path), ("If-Match" = String, Header, description = "the policy's or the company's ETag")), request_body = PutPolicy,
    responses((status = 200, body = Policy), (status = 400, body = Problem), (status = 403, body = Problem),
        (status = 412, body = Problem), (status = 428, body = Problem)))]
pub(crate) async fn save(
    State(app): State<App>,
    Session(caller): Session,
    ask: Ask,
    Path(id): Path<Uuid>,
    body: Body<PutPolicy>,
) -> Result<Response, Refused> {
    let company = own(&caller, id)?;
    let expected = ask.expected_revision()?;
    let change = ChangePolicy {
        new: shape::policy_in(&body.value.policy),
        reason: body.value.reason,
        transition: shape::transition_in(body.value.transition),
        turn_off_uncovered: body.value.turn_off_uncovered,
        undo_of: None,
    };
    let metadata = ask.once(app.commands.vault(), company, caller.principal.member, &body.bytes);
    let done = app.commands.change_policy(&caller, company, expected, change, &metadata).await?;
    let registered = done.fold.state().registered().ok_or_else(Refused::not_found)?;
    Ok(changed(shape::policy(registered.policy()), done.fold.revision(), &done.position))
}

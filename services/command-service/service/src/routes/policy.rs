//! `companies/{id}/policy`: *Global Settings → Two-step verification*.

use axum::Json;
use axum::extract::State;
use axum::response::Response;
use twostep_api::{
    NamedPerson, Policy, PolicyEffect, Problem, ProblemType, PutPolicy, SavedPolicy, StuckPerson,
};
use twostep_commands::{Fault, SessionCaller};
use twostep_domain::MemberId;
use twostep_domain::company::ChangePolicy;
use twostep_projections::{CompanyView, Stuck};
use uuid::Uuid;

use super::companies::own;
use super::members::seen;
use super::{changed, versioned};
use crate::app::App;
use crate::refusal::Refused;
use crate::request::{Ask, Body, Path, Session};
use crate::shape;

#[cfg(test)]
mod tests;

/// How many are named of the stuck, and of those without a backup.
const NAMED: usize = 20;

/// The policy, for Master Admins (fact 1) and auditors. Its ETag, the company's too, is what *Save Changes* sends back.
#[utoipa::path(get, path = "/companies/{id}/policy", tag = "policy", params(("id" = Uuid, Path)),
    responses((status = 200, body = Policy), (status = 403, body = Problem), (status = 404, body = Problem)))]
pub(crate) async fn show(
    State(app): State<App>,
    Session(caller): Session,
    Path(id): Path<Uuid>,
) -> Result<Response, Refused> {
    let company = own(&caller, id)?;
    may_read(&caller)?;
    let fold = app.commands.company(company).await?;
    let registered = fold.state().registered().ok_or_else(Refused::not_found)?;
    Ok(versioned(shape::policy(registered.policy()), fold.revision().map_or(0, |revision| revision.0)))
}

/// What the policy in force means for people: who must set up, who is stuck in an old console, who has no backup.
#[utoipa::path(get, path = "/companies/{id}/policy/effect", tag = "policy", params(("id" = Uuid, Path)),
    responses((status = 200, body = PolicyEffect), (status = 403, body = Problem), (status = 404, body = Problem)))]
pub(crate) async fn effect(
    State(app): State<App>,
    Session(caller): Session,
    Path(id): Path<Uuid>,
) -> Result<Json<PolicyEffect>, Refused> {
    let company = own(&caller, id)?;
    may_read(&caller)?;
    let directory = app.commands.checks().fenced(company).await.map_err(Fault::from)?;
    let view = directory.company(company).ok_or_else(Refused::not_found)?;
    Ok(Json(effect_on(&app, &caller, view)))
}

/// *Save Changes*. Answers with what the policy means for people from now on, unless that can't be told in time.
#[utoipa::path(put, path = "/companies/{id}/policy", tag = "policy",
    params(("id" = Uuid, Path), ("If-Match" = String, Header, description = "the policy's or the company's ETag")), request_body = PutPolicy,
    responses((status = 200, body = SavedPolicy), (status = 400, body = Problem), (status = 403, body = Problem),
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
        new: shape::policy_in(&body.value.policy)?,
        reason: body.value.reason,
        transition: shape::transition_in(body.value.transition),
        turn_off_uncovered: body.value.turn_off_uncovered,
        undo_of: None,
    };
    let metadata = ask.once(app.commands.vault(), company, caller.principal.member, &body.bytes);
    let done = app.commands.change_policy(&caller, company, expected, change, &metadata).await?;
    let registered = done.fold.state().registered().ok_or_else(Refused::not_found)?;
    // From the save on, so that what it changed is counted. It is saved also where the directory can't tell that in time.
    let directory = app.commands.directory().at(&done.position).await.ok();
    let view = directory.as_ref().and_then(|directory| directory.company(company));
    let effect = view.map(|view| effect_on(&app, &caller, view));
    let saved = SavedPolicy { policy: shape::policy(registered.policy()), effect };
    Ok(changed(saved, done.fold.revision(), &done.position))
}

fn may_read(caller: &SessionCaller) -> Result<(), Refused> {
    if !caller.principal.is_master_admin() && !caller.principal.roles.has(twostep_domain::Role::Auditor) {
        return Err(Refused::new(ProblemType::Forbidden, "only Master Admins reach Global Settings"));
    }
    Ok(())
}

fn effect_on(app: &App, caller: &SessionCaller, view: &CompanyView) -> PolicyEffect {
    let effect = view.effect(app.commands.texting());
    let named = |id: &MemberId| {
        let person = seen(&app.commands, caller, view, *id, view.member(*id)?);
        Some(NamedPerson { id: person.id, name: person.name })
    };
    let stuck = |stuck: &Stuck| {
        let NamedPerson { id, name } = named(&stuck.member)?;
        Some(StuckPerson { id, name, seen: stuck.seen })
    };
    let count = |people: usize| u64::try_from(people).unwrap_or(u64::MAX);
    PolicyEffect {
        covered: effect.covered,
        to_set_up: effect.to_set_up,
        stuck: count(effect.stuck.len()),
        stuck_seen: count(effect.stuck.iter().filter(|stuck| stuck.seen).count()),
        stuck_people: effect.stuck.iter().take(NAMED).filter_map(stuck).collect(),
        without_backup: count(effect.without_backup.len()),
        without_backup_people: effect.without_backup.iter().take(NAMED).filter_map(named).collect(),
    }
}

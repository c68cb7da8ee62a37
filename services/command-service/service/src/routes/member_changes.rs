//! `companies/{id}/members/{member}/…`: what administrators change of a person.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use twostep_api::{ChangeRoles, ChangeStanding, Member, MoveMember, Problem};
use twostep_commands::{ChangeStanding as Standing, Done};
use twostep_domain::member::Member as Aggregate;
use twostep_domain::{CompanyId, GroupId, MemberId};
use uuid::Uuid;

use super::changed;
use super::companies::own;
use super::members::after;
use crate::app::App;
use crate::refusal::Refused;
use crate::request::{Ask, Body, Path, Session};
use crate::shape;

/// Sets the roles; Master Admins, and not one's own.
#[utoipa::path(put, path = "/companies/{id}/members/{member}/roles", tag = "members",
    params(("id" = Uuid, Path), ("member" = Uuid, Path), ("If-Match" = String, Header, description = "the person's ETag")), request_body = ChangeRoles,
    responses((status = 200, body = Member), (status = 403, body = Problem), (status = 409, body = Problem),
        (status = 412, body = Problem), (status = 428, body = Problem)))]
pub(crate) async fn roles(
    State(app): State<App>,
    Session(caller): Session,
    ask: Ask,
    Path((id, member)): Path<(Uuid, Uuid)>,
    body: Body<ChangeRoles>,
) -> Result<Response, Refused> {
    let (company, member) = (own(&caller, id)?, MemberId(member));
    let expected = ask.expected_revision()?;
    let new = shape::roles_in(&body.value.roles);
    let metadata = ask.once(app.commands.vault(), company, caller.principal.member, &body.bytes);
    let done = app.commands.change_roles(&caller, company, member, expected, new, &metadata).await?;
    answer(&app, company, member, &done).await
}

/// Moves somebody to another group, or out of every group; Master Admins.
#[utoipa::path(put, path = "/companies/{id}/members/{member}/group", tag = "members",
    params(("id" = Uuid, Path), ("member" = Uuid, Path), ("If-Match" = String, Header, description = "the person's ETag")), request_body = MoveMember,
    responses((status = 200, body = Member), (status = 400, body = Problem), (status = 403, body = Problem),
        (status = 412, body = Problem), (status = 428, body = Problem)))]
pub(crate) async fn group(
    State(app): State<App>,
    Session(caller): Session,
    ask: Ask,
    Path((id, member)): Path<(Uuid, Uuid)>,
    body: Body<MoveMember>,
) -> Result<Response, Refused> {
    let (company, member) = (own(&caller, id)?, MemberId(member));
    let expected = ask.expected_revision()?;
    let to = body.value.group.map(GroupId);
    let metadata = ask.once(app.commands.vault(), company, caller.principal.member, &body.bytes);
    let done = app.commands.move_member(&caller, company, member, expected, to, &metadata).await?;
    answer(&app, company, member, &done).await
}

/// Disables or enables somebody.
#[utoipa::path(put, path = "/companies/{id}/members/{member}/standing", tag = "members",
    params(("id" = Uuid, Path), ("member" = Uuid, Path), ("If-Match" = String, Header, description = "the person's ETag")), request_body = ChangeStanding,
    responses((status = 200, body = Member), (status = 403, body = Problem), (status = 409, body = Problem),
        (status = 412, body = Problem), (status = 428, body = Problem)))]
pub(crate) async fn standing(
    State(app): State<App>,
    Session(caller): Session,
    ask: Ask,
    Path((id, member)): Path<(Uuid, Uuid)>,
    body: Body<ChangeStanding>,
) -> Result<Response, Refused> {
    let (company, member) = (own(&caller, id)?, MemberId(member));
    let expected = ask.expected_revision()?;
    let metadata = ask.once(app.commands.vault(), company, caller.principal.member, &body.bytes);
    let ChangeStanding { enabled, reason } = body.value;
    let new = if enabled { Standing::Enable } else { Standing::Disable { reason } };
    let done = app.commands.change_standing(&caller, company, member, expected, new, &metadata).await?;
    answer(&app, company, member, &done).await
}

/// Mails a new invitation; the old link is dead.
#[utoipa::path(post, path = "/companies/{id}/members/{member}/invitation", tag = "members",
    params(("id" = Uuid, Path), ("member" = Uuid, Path)),
    responses((status = 202, body = Member), (status = 403, body = Problem), (status = 409, body = Problem)))]
pub(crate) async fn invitation(
    State(app): State<App>,
    Session(caller): Session,
    ask: Ask,
    Path((id, member)): Path<(Uuid, Uuid)>,
) -> Result<(StatusCode, Json<Member>), Refused> {
    let (company, member) = (own(&caller, id)?, MemberId(member));
    let metadata = ask.once(app.commands.vault(), company, caller.principal.member, &[]);
    let done = app.commands.renew_invitation(&caller, company, member, &metadata).await?;
    Ok((StatusCode::ACCEPTED, Json(after(&app, company, member, Some(&done.position)).await?)))
}

/// Erases a person's data: unreadable for ever, in every copy. Master Admins, and not one's own.
#[utoipa::path(delete, path = "/companies/{id}/members/{member}/personal-data", tag = "members",
    params(("id" = Uuid, Path), ("member" = Uuid, Path)),
    responses((status = 204), (status = 403, body = Problem), (status = 409, body = Problem)))]
pub(crate) async fn erase(
    State(app): State<App>,
    Session(caller): Session,
    ask: Ask,
    Path((id, member)): Path<(Uuid, Uuid)>,
) -> Result<StatusCode, Refused> {
    let company = own(&caller, id)?;
    let metadata = ask.once(app.commands.vault(), company, caller.principal.member, &[]);
    app.commands.erase_member(&caller, company, MemberId(member), &metadata).await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn answer(
    app: &App,
    company: CompanyId,
    member: MemberId,
    done: &Done<Aggregate>,
) -> Result<Response, Refused> {
    let shown = after(app, company, member, Some(&done.position)).await?;
    Ok(changed(shown, done.fold.revision(), &done.position))
}

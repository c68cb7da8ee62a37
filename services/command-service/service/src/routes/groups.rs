//! `companies/{id}/groups`: the tree, and the Settings tab of each group.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use twostep_api::{ChangeGroup, CreateGroup, Group, Groups, Lock, Problem, PutEnforcement};
use twostep_commands::{Fault, SessionCaller};
use twostep_domain::{CompanyId, Enforcing, GroupId, MemberId};
use twostep_projections::CompanyView;
use uuid::Uuid;

use super::companies::{name, name_in_place, own};
use super::{changed, done, versioned};
use crate::app::App;
use crate::head_counts::HeadCounts;
use crate::refusal::Refused;
use crate::request::{Ask, Body, Path, Session};
use crate::shape;

/// The groups that the caller may see: all, or an Admin's own.
#[utoipa::path(get, path = "/companies/{id}/groups", tag = "groups", params(("id" = Uuid, Path)),
    responses((status = 200, body = Groups), (status = 404, body = Problem)))]
pub(crate) async fn list(
    State(app): State<App>,
    Session(caller): Session,
    Path(id): Path<Uuid>,
) -> Result<Json<Groups>, Refused> {
    let company = own(&caller, id)?;
    let directory = app.commands.checks().fenced(company).await.map_err(Fault::from)?;
    let view = directory.company(company).ok_or_else(Refused::not_found)?;
    let visible = view.groups().filter(|(group, _, _)| caller.principal.sees_group(*group, view));
    let heads = HeadCounts::of(view);
    let mut groups: Vec<(usize, Group)> = visible
        .filter_map(|(group, _, _)| Some((view.chain(group).len(), shown(view, &heads, group)?)))
        .collect();
    groups.sort_by(|(depth, a), (other, b)| (depth, &a.name).cmp(&(other, &b.name)));
    Ok(Json(Groups { groups: groups.into_iter().map(|(_, group)| group).collect() }))
}

/// Creates a group; Master Admins anywhere.
#[utoipa::path(post, path = "/companies/{id}/groups", tag = "groups", params(("id" = Uuid, Path)), request_body = CreateGroup,
    responses((status = 201, body = Group, headers(("ETag" = String, description = "The revision of the new group."))), (status = 400, body = Problem), (status = 403, body = Problem)))]
pub(crate) async fn create(
    State(app): State<App>,
    Session(caller): Session,
    ask: Ask,
    Path(id): Path<Uuid>,
    body: Body<CreateGroup>,
) -> Result<Response, Refused> {
    let company = own(&caller, id)?;
    let name = name("name", &body.value.name)?;
    let parent = body.value.parent.map(GroupId);
    let metadata = ask.once(app.commands.vault(), company, caller.principal.member, &body.bytes);
    let (group, created) = app.commands.create_group(&caller, company, name, parent, &metadata).await?;
    let response = after(&app, company, group, &created).await?;
    Ok((StatusCode::CREATED, response).into_response())
}

/// A group. Its ETag is what changes of its name, its place, its box and its lock send back.
#[utoipa::path(get, path = "/companies/{id}/groups/{group}", tag = "groups", params(("id" = Uuid, Path), ("group" = Uuid, Path)),
    responses((status = 200, body = Group), (status = 404, body = Problem)))]
pub(crate) async fn show(
    State(app): State<App>,
    Session(caller): Session,
    Path((id, group)): Path<(Uuid, Uuid)>,
) -> Result<Response, Refused> {
    let (company, group) = (own(&caller, id)?, GroupId(group));
    let directory = app.commands.checks().fenced(company).await.map_err(Fault::from)?;
    let view = directory.company(company).ok_or_else(Refused::not_found)?;
    let revision = view.group(group).map(|(_, revision)| revision).ok_or_else(Refused::not_found)?;
    if !caller.principal.sees_group(group, view) {
        return Err(Refused::not_found());
    }
    let shown = shown(view, &HeadCounts::of(view), group).ok_or_else(Refused::not_found)?;
    Ok(versioned(shown, revision))
}

/// Renames or moves a group.
#[utoipa::path(put, path = "/companies/{id}/groups/{group}", tag = "groups",
    params(("id" = Uuid, Path), ("group" = Uuid, Path), ("If-Match" = String, Header, description = "the group's ETag")),
    request_body = ChangeGroup,
    responses((status = 200, body = Group), (status = 400, body = Problem), (status = 403, body = Problem),
        (status = 412, body = Problem), (status = 428, body = Problem)))]
pub(crate) async fn change(
    State(app): State<App>,
    Session(caller): Session,
    ask: Ask,
    Path((id, group)): Path<(Uuid, Uuid)>,
    body: Body<ChangeGroup>,
) -> Result<Response, Refused> {
    let (company, group) = (own(&caller, id)?, GroupId(group));
    let expected = ask.expected_revision()?;
    let change = twostep_commands::ChangeGroup {
        name: name_in_place("name", body.value.name)?,
        parent: body.value.parent.map(GroupId),
    };
    let metadata = ask.once(app.commands.vault(), company, caller.principal.member, &body.bytes);
    let done = app.commands.change_group(&caller, company, group, expected, change, &metadata).await?;
    after(&app, company, group, &done).await
}

/// Sets the box *Enforce two-step verification*; Master Admins, and Admins of the group while it isn't locked.
#[utoipa::path(put, path = "/companies/{id}/groups/{group}/enforcement", tag = "groups",
    params(("id" = Uuid, Path), ("group" = Uuid, Path), ("If-Match" = String, Header, description = "the group's ETag")),
    request_body = PutEnforcement,
    responses((status = 200, body = Group), (status = 403, body = Problem), (status = 412, body = Problem), (status = 428, body = Problem)))]
pub(crate) async fn enforcement(
    State(app): State<App>,
    Session(caller): Session,
    ask: Ask,
    Path((id, group)): Path<(Uuid, Uuid)>,
    body: Body<PutEnforcement>,
) -> Result<Response, Refused> {
    let (company, group) = (own(&caller, id)?, GroupId(group));
    let expected = ask.expected_revision()?;
    let new = shape::enforcement_in(body.value.enforcement);
    let metadata = ask.once(app.commands.vault(), company, caller.principal.member, &body.bytes);
    let done = app
        .commands
        .change_enforcement(&caller, company, group, expected, new, body.value.reason, &metadata)
        .await?;
    after(&app, company, group, &done).await
}

/// Locks the box against Admins, or unlocks it.
#[utoipa::path(put, path = "/companies/{id}/groups/{group}/enforcement/lock", tag = "groups",
    params(("id" = Uuid, Path), ("group" = Uuid, Path), ("If-Match" = String, Header, description = "the group's ETag")), request_body = Lock,
    responses((status = 200, body = Group), (status = 403, body = Problem),
        (status = 412, body = Problem), (status = 428, body = Problem)))]
pub(crate) async fn lock(
    State(app): State<App>,
    Session(caller): Session,
    ask: Ask,
    Path((id, group)): Path<(Uuid, Uuid)>,
    body: Body<Lock>,
) -> Result<Response, Refused> {
    let (company, group) = (own(&caller, id)?, GroupId(group));
    let expected = ask.expected_revision()?;
    let metadata = ask.once(app.commands.vault(), company, caller.principal.member, &body.bytes);
    let done = app
        .commands
        .lock_enforcement(&caller, company, group, expected, body.value.locked, &metadata)
        .await?;
    after(&app, company, group, &done).await
}

/// Assigns the group to an Admin.
#[utoipa::path(put, path = "/companies/{id}/groups/{group}/admins/{member}", tag = "groups",
    params(("id" = Uuid, Path), ("group" = Uuid, Path), ("member" = Uuid, Path)),
    responses((status = 204), (status = 400, body = Problem), (status = 403, body = Problem)))]
pub(crate) async fn assign(
    State(app): State<App>,
    Session(caller): Session,
    ask: Ask,
    Path((id, group, member)): Path<(Uuid, Uuid, Uuid)>,
) -> Result<Response, Refused> {
    assignment(&app, &caller, &ask, id, group, member, true).await
}

/// Takes the group from an Admin.
#[utoipa::path(delete, path = "/companies/{id}/groups/{group}/admins/{member}", tag = "groups",
    params(("id" = Uuid, Path), ("group" = Uuid, Path), ("member" = Uuid, Path)),
    responses((status = 204), (status = 403, body = Problem)))]
pub(crate) async fn remove(
    State(app): State<App>,
    Session(caller): Session,
    ask: Ask,
    Path((id, group, member)): Path<(Uuid, Uuid, Uuid)>,
) -> Result<Response, Refused> {
    assignment(&app, &caller, &ask, id, group, member, false).await
}

async fn assignment(
    app: &App,
    caller: &SessionCaller,
    ask: &Ask,
    id: Uuid,
    group: Uuid,
    member: Uuid,
    assigned: bool,
) -> Result<Response, Refused> {
    let company = own(caller, id)?;
    let metadata = ask.once(app.commands.vault(), company, caller.principal.member, &[]);
    let changed = app
        .commands
        .assign_admin(caller, company, GroupId(group), MemberId(member), assigned, &metadata)
        .await?;
    Ok(done(&changed.position))
}

async fn after(
    app: &App,
    company: CompanyId,
    group: GroupId,
    done: &twostep_commands::Done<twostep_domain::group::Group>,
) -> Result<Response, Refused> {
    let directory = app.commands.directory().at(&done.position).await.map_err(Fault::from)?;
    let view = directory.company(company).ok_or_else(Refused::not_found)?;
    let shown = shown(view, &HeadCounts::of(view), group).ok_or_else(Refused::not_found)?;
    Ok(changed(shown, done.fold.revision(), &done.position))
}

fn shown(view: &CompanyView, heads: &HeadCounts, id: GroupId) -> Option<Group> {
    let (group, _) = view.group(id)?;
    let group = group.created()?;
    let above = view.chain(id).into_iter().skip(1);
    let locked_above = above
        .filter(|(_, group, _)| group.created().is_some_and(twostep_domain::group::Created::locks_subgroups))
        .map(|(id, _, _)| id.0)
        .next();
    Some(Group {
        id: id.0,
        name: group.name().as_str().to_owned(),
        parent: group.parent().map(|parent| parent.0),
        enforcement: shape::enforcement(group.enforcement()),
        effective: view.enforcing(Some(id)) == Enforcing::On,
        locked_by: group.locked_by().map(|member| member.0),
        locked_above,
        admins: group.admins().iter().map(|member| member.0).collect(),
        members: heads.members(id),
        reach: heads.reach(id),
    })
}

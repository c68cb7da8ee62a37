//! `companies/{id}/members`: a person, inviting, resetting, unlocking.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use secrecy::ExposeSecret as _;
use twostep_api::{
    Activation, InviteMember, Member, Problem, ResetMembers, ResetOutcome, ResetResult, Standing,
};
use twostep_commands::{Authority, Commands, Fault, ManageError, Principal, SessionCaller};
use twostep_domain::second_step::Requirement;
use twostep_domain::{CompanyId, Email, GroupId, LoginName, MemberId};
use twostep_event_store::Checkpoint;
use twostep_projections::{CompanyView, MemberView, Standing as Stands};
use twostep_vault::Field;
use uuid::Uuid;

use super::companies::{name, own};
use super::me::masked;
use super::versioned;
use crate::app::App;
use crate::refusal::Refused;
use crate::request::{Ask, Body, Path, Session};
use crate::shape;

/// People reset at once at the most.
const LARGEST_RESET: usize = 500;

/// Invites a person: Master Admins anybody, Admins technicians into own groups.
#[utoipa::path(post, path = "/companies/{id}/members", tag = "members", params(("id" = Uuid, Path)), request_body = InviteMember,
    responses((status = 201, body = Member), (status = 400, body = Problem), (status = 403, body = Problem), (status = 409, body = Problem)))]
pub(crate) async fn invite(
    State(app): State<App>,
    Session(caller): Session,
    ask: Ask,
    Path(id): Path<Uuid>,
    body: Body<InviteMember>,
) -> Result<Response, Refused> {
    let company = own(&caller, id)?;
    let asked = body.value;
    let email = Email::parse(&asked.email).map_err(|error| Refused::field("email", error))?;
    let login = asked.login.as_deref().unwrap_or(email.as_str());
    let login = LoginName::parse_new(login).map_err(|error| Refused::field("login", error))?;
    let locale = asked.locale.map(|locale| locale.parse()).transpose();
    let new = twostep_commands::InviteMember {
        name: name("name", &asked.name)?,
        email,
        login,
        roles: shape::roles_in(&asked.roles),
        group: asked.group.map(GroupId),
        locale: locale.map_err(|error| Refused::field("locale", error))?,
        time_zone: asked.time_zone.as_deref().map(shape::time_zone_in).transpose()?,
    };
    let metadata = ask.once(app.commands.vault(), company, caller.principal.member, &body.bytes);
    let member = app.commands.invite_member(&caller, company, new, &metadata).await?;
    let shown = after(&app, company, member, None).await?;
    Ok((StatusCode::CREATED, Json(shown)).into_response())
}

/// A person. The ETag is what changes of roles, group and standing send back.
#[utoipa::path(get, path = "/companies/{id}/members/{member}", tag = "members", params(("id" = Uuid, Path), ("member" = Uuid, Path)),
    responses((status = 200, body = Member), (status = 404, body = Problem)))]
pub(crate) async fn show(
    State(app): State<App>,
    Session(caller): Session,
    Path((id, member)): Path<(Uuid, Uuid)>,
) -> Result<Response, Refused> {
    let (company, member) = (own(&caller, id)?, MemberId(member));
    let directory = app.commands.checks().fenced(company).await.map_err(Fault::from)?;
    let view = directory.company(company).ok_or_else(Refused::not_found)?;
    let seen_by = caller.principal.sees_member(member, view);
    let person = view.member(member).filter(|_| seen_by).ok_or_else(Refused::not_found)?;
    Ok(versioned(seen(&app.commands, &caller, view, member, person), person.revision))
}

/// *Force two-step verification reset* on several people, each answered by itself (fact 11).
#[utoipa::path(post, path = "/companies/{id}/members/resets", tag = "members", params(("id" = Uuid, Path)), request_body = ResetMembers,
    responses((status = 200, body = ResetResult), (status = 400, body = Problem), (status = 404, body = Problem)))]
pub(crate) async fn resets(
    State(app): State<App>,
    Session(caller): Session,
    ask: Ask,
    Path(id): Path<Uuid>,
    body: Body<ResetMembers>,
) -> Result<Json<ResetResult>, Refused> {
    let company = own(&caller, id)?;
    let asked = &body.value;
    if asked.members.is_empty() || asked.members.len() > LARGEST_RESET {
        return Err(Refused::field("members", format!("name 1 to {LARGEST_RESET} people")));
    }
    if asked.reason.chars().count() > twostep_domain::MAX_REASON {
        return Err(Refused::field("reason", format!("at most {} characters", twostep_domain::MAX_REASON)));
    }
    let mut members: Vec<MemberId> = Vec::with_capacity(asked.members.len());
    for member in asked.members.iter().copied().map(MemberId) {
        // Whoever is named twice is reset once.
        if !members.contains(&member) {
            members.push(member);
        }
    }
    let metadata = ask.once(app.commands.vault(), company, caller.principal.member, &body.bytes);
    let outcomes = app.commands.reset_members(&caller, company, &members, &asked.reason, &metadata).await?;
    if outcomes.iter().all(|outcome| matches!(outcome.result, Err(ManageError::StepUpRequired))) {
        return Err(Refused::from(
            ManageError::<twostep_domain::second_step::SecondStepError>::StepUpRequired,
        ));
    }
    let members = outcomes.into_iter().map(|outcome| ResetOutcome {
        member: outcome.member.0,
        reset: outcome.result.is_ok(),
        reason: outcome.result.err().map(|error| Refused::from(error).0.detail),
    });
    Ok(Json(ResetResult { members: members.collect() }))
}

/// Opens the lock of somebody's second step; not one's own (S11).
#[utoipa::path(post, path = "/companies/{id}/members/{member}/unlock", tag = "members", params(("id" = Uuid, Path), ("member" = Uuid, Path)),
    responses((status = 204), (status = 403, body = Problem), (status = 404, body = Problem)))]
pub(crate) async fn unlock(
    State(app): State<App>,
    Session(caller): Session,
    ask: Ask,
    Path((id, member)): Path<(Uuid, Uuid)>,
) -> Result<StatusCode, Refused> {
    let company = own(&caller, id)?;
    let metadata = ask.once(app.commands.vault(), company, caller.principal.member, &[]);
    app.commands.unlock_member(&caller, company, MemberId(member), &metadata).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// A person as the caller may see them: whoever only audits sees nobody's name and address in full (S22).
pub(super) fn seen(
    commands: &Commands,
    caller: &SessionCaller,
    view: &CompanyView,
    id: MemberId,
    person: &MemberView,
) -> Member {
    let principal = &caller.principal;
    let mut member = shown(commands, principal.company, view, id, person);
    if !in_full(principal, view, id, person) {
        let address = |text: String| match Email::parse(&text) {
            Ok(email) => email.masked(),
            Err(_) => masked(&text),
        };
        member.name = member.name.map(|name| masked(&name));
        member.login = member.login.map(address);
        member.email = member.email.map(address);
    }
    member
}

/// Whether somebody sees a person's name and addresses: Master Admins do, Admins of the group, and everybody their own.
pub(super) fn in_full(principal: &Principal, view: &CompanyView, id: MemberId, person: &MemberView) -> bool {
    let in_reach = || person.group.is_some_and(|group| principal.has(Authority::Group(group), view));
    id == principal.member || principal.is_master_admin() || in_reach()
}

/// A person after a change, as the directory sees them.
pub(crate) async fn after(
    app: &App,
    company: CompanyId,
    member: MemberId,
    position: Option<&Checkpoint>,
) -> Result<Member, Refused> {
    let directory = match position {
        Some(position) => app.commands.directory().at(position).await.map_err(Fault::from)?,
        None => app.commands.checks().fenced(company).await.map_err(Fault::from)?,
    };
    let view = directory.company(company).ok_or_else(Refused::not_found)?;
    let person = view.member(member).ok_or_else(Refused::not_found)?;
    Ok(shown(&app.commands, company, view, member, person))
}

fn shown(
    commands: &Commands,
    company: CompanyId,
    view: &CompanyView,
    id: MemberId,
    person: &MemberView,
) -> Member {
    let open = |field, sealed| {
        commands.open(company, id, field, sealed).ok().map(|clear| clear.expose_secret().to_owned())
    };
    let identity = person.identity.as_deref();
    let requirement = view.requirement(id, commands.texting());
    let holder = view.registered().is_some_and(|company| company.account_holder() == id);
    Member {
        id: id.0,
        name: identity.and_then(|identity| open(Field::Name, &identity.name)),
        login: identity.and_then(|identity| open(Field::Login, &identity.login)),
        email: identity.and_then(|identity| open(Field::Email, &identity.email)),
        roles: Principal::roles_of(company, id, view).0.into_iter().map(shape::role).collect(),
        account_holder: holder,
        group: person.group.map(|group| group.0),
        standing: match person.standing {
            Stands::Enabled if person.password.is_some() => Standing::Active,
            Stands::Enabled => Standing::Invited,
            Stands::Disabled => Standing::Disabled,
            Stands::Erased => Standing::Erased,
        },
        covered: requirement.as_ref().is_some_and(Requirement::covers),
        activation: activation(person, requirement.as_ref()),
        locked: person.locked,
    }
}

/// Where two-step verification stands by the rule that a sign-in goes by.
fn activation(person: &MemberView, requirement: Option<&Requirement>) -> Activation {
    let Some(enrolled) = person.second_step.enrolled() else {
        return if person.reset { Activation::Reset } else { Activation::Off };
    };
    match requirement {
        Some(requirement) if requirement.counts(enrolled.epoch, enrolled.company) => Activation::On,
        Some(requirement) if enrolled.epoch < requirement.required_epoch => Activation::Reset,
        Some(_) | None => Activation::Off,
    }
}

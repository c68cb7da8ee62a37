//! `me`: the person signed in.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use secrecy::{ExposeSecret as _, SecretString};
use twostep_api::{ChangePassword, Me, Problem};
use twostep_domain::{BackupKind, CompanyId, Email, MemberId, TimeZone};
use twostep_vault::Field;

use super::sessions::shown;
use crate::app::App;
use crate::refusal::Refused;
use crate::request::{AnySession, Ask, Body, Session};
use crate::shape;

/// Who is signed in.
#[utoipa::path(get, path = "/me", tag = "me", responses((status = 200, body = Me), (status = 401, body = Problem)))]
pub(crate) async fn show(
    State(app): State<App>,
    AnySession(caller): AnySession,
) -> Result<Json<Me>, Refused> {
    let (company, member) = (caller.principal.company, caller.principal.member);
    let names = presented(&app, company).await?;
    let fold = app.commands.member(company, member).await?;
    let person = fold.state().person().ok_or_else(Refused::not_found)?;
    let open = |field, sealed| {
        app.commands.open(company, member, field, sealed).map_err(twostep_commands::Fault::from)
    };
    let name = open(Field::Name, &person.identity().name)?;
    let email = open(Field::Email, &person.identity().email)?;
    let state = caller.fold.state();
    let primary = BackupKind::from(caller.requirement.primary);
    let enrolment = state.counting(&caller.requirement);
    let mut kinds: Vec<BackupKind> =
        enrolment.map(|enrolment| enrolment.methods.held().into_iter().collect()).unwrap_or_default();
    kinds.sort_by_key(|kind| (*kind != primary, *kind));
    Ok(Json(Me {
        id: member.0,
        company: company.0,
        company_name: names.company,
        product_name: names.product,
        name: name.expose_secret().to_owned(),
        time_zone: person.time_zone().0.clone(),
        email: Email::parse(email.expose_secret()).map(|email| email.masked()).unwrap_or_default(),
        roles: caller.principal.roles.0.iter().copied().map(shape::role).collect(),
        account_holder: caller.principal.account_holder,
        group: person.group().map(|group| group.0),
        covered: caller.requirement.covers(),
        methods: shape::offered(&app.commands, company, member, state, kinds),
        recovery_codes_left: u8::try_from(state.printed_codes().len()).unwrap_or(u8::MAX),
        session: shown(&caller.session, caller.session.id),
    }))
}

/// Changes the password: the present one, and a proof of the last 5 min where a second step is set up (fact 6).
#[utoipa::path(post, path = "/me/password", tag = "me", request_body = ChangePassword,
    responses((status = 204), (status = 400, body = Problem), (status = 403, body = Problem), (status = 422, body = Problem)))]
pub(crate) async fn change_password(
    State(app): State<App>,
    Session(caller): Session,
    ask: Ask,
    body: Body<ChangePassword>,
) -> Result<StatusCode, Refused> {
    let (old, new) = (SecretString::from(body.value.old), SecretString::from(body.value.new));
    app.commands.change_password(&caller, &old, &new, ask.address, &ask.caller()).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Turns two-step verification off, for people whom the policy doesn't cover.
#[utoipa::path(delete, path = "/me/enrolment", tag = "me",
    responses((status = 204), (status = 403, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem)))]
pub(crate) async fn turn_off(
    State(app): State<App>,
    Session(caller): Session,
    ask: Ask,
) -> Result<StatusCode, Refused> {
    app.commands.turn_off(&caller, &ask.caller()).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The names that a company's people see.
pub(crate) struct Presented {
    pub(crate) company: String,
    pub(crate) product: String,
}

/// How the company presents itself.
pub(crate) async fn presented(app: &App, company: CompanyId) -> Result<Presented, Refused> {
    let fold = app.commands.company(company).await?;
    let registered = fold.state().registered().ok_or_else(Refused::not_found)?;
    Ok(Presented {
        company: registered.name().as_str().to_owned(),
        product: registered.branding().product_name.as_str().to_owned(),
    })
}

/// A person's name as somebody may see it who isn't signed in, and their time zone.
pub(crate) async fn masked_person(
    app: &App,
    company: CompanyId,
    member: MemberId,
) -> Result<(String, TimeZone), Refused> {
    let fold = app.commands.member(company, member).await?;
    let person = fold.state().person().ok_or_else(Refused::not_found)?;
    let name = app.commands.open(company, member, Field::Name, &person.identity().name);
    let name = masked(name.map_err(twostep_commands::Fault::from)?.expose_secret());
    Ok((name, person.time_zone().clone()))
}

/// `Ana Berger` as `A••• B•••`.
pub(crate) fn masked(name: &str) -> String {
    let words: Vec<String> = name
        .split_whitespace()
        .filter_map(|word| word.chars().next())
        .map(|first| format!("{first}•••"))
        .collect();
    words.join(" ")
}

//! `password-resets`: a forgotten password.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use secrecy::SecretString;
use twostep_api::{PasswordReset, Problem, RequestPasswordReset, ResetPassword};
use twostep_domain::{LoginName, Slug};

use super::me::{masked, presented};
use crate::app::App;
use crate::refusal::Refused;
use crate::request::{Ask, Body, Path};

/// Mails a link to the work address of whoever has this login. The answer is the same where nobody has it.
#[utoipa::path(post, path = "/password-resets", tag = "links", request_body = RequestPasswordReset,
    responses((status = 202), (status = 400, body = Problem), (status = 429, body = Problem)))]
pub(crate) async fn request(
    State(app): State<App>,
    ask: Ask,
    body: Body<RequestPasswordReset>,
) -> Result<StatusCode, Refused> {
    let company = body.value.company.map(|slug| Slug::parse(&slug)).transpose();
    let company = company.map_err(|error| Refused::field("company", error))?;
    let login = LoginName::parse(&body.value.login).map_err(|error| Refused::field("login", error))?;
    let company = app.commands.company_of(company.as_ref()).await?;
    app.commands.forgotten_password(company, login, ask.address, ask.visitor())?;
    Ok(StatusCode::ACCEPTED)
}

/// Whose password the link sets. Changes nothing.
#[utoipa::path(get, path = "/password-resets/{token}", tag = "links", params(("token" = String, Path)),
    responses((status = 200, body = PasswordReset), (status = 410, body = Problem)))]
pub(crate) async fn show(
    State(app): State<App>,
    Path(token): Path<String>,
) -> Result<Json<PasswordReset>, Refused> {
    let view = app.commands.view_password_reset(&token).await?;
    let names = presented(&app, view.company).await?;
    Ok(Json(PasswordReset {
        company_name: names.company,
        product_name: names.product,
        person: masked(&view.name),
        expires_at: view.expires_at,
        time_zone: view.time_zone.0,
        password_min: u16::try_from(view.password_min).unwrap_or(u16::MAX),
    }))
}

/// Sets a new password; the link is dead then, sessions are over, methods stay (S18).
#[utoipa::path(post, path = "/password-resets/{token}", tag = "links", params(("token" = String, Path)),
    request_body = ResetPassword,
    responses((status = 204), (status = 410, body = Problem), (status = 422, body = Problem)))]
pub(crate) async fn reset(
    State(app): State<App>,
    ask: Ask,
    Path(token): Path<String>,
    body: Body<ResetPassword>,
) -> Result<StatusCode, Refused> {
    let password = SecretString::from(body.value.password);
    app.commands.reset_password(&token, &password, ask.address, ask.visitor()).await?;
    Ok(StatusCode::NO_CONTENT)
}

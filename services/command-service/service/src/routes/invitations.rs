//! `invitations/{token}`: the first password.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use secrecy::SecretString;
use twostep_api::{AcceptInvitation, Invitation, Problem};

use super::me::{masked, presented};
use crate::app::App;
use crate::refusal::Refused;
use crate::request::{Ask, Body, Path};

/// Who is invited to what. Changes nothing.
#[utoipa::path(get, path = "/invitations/{token}", tag = "links", params(("token" = String, Path)),
    responses((status = 200, body = Invitation), (status = 410, body = Problem)))]
pub(crate) async fn show(
    State(app): State<App>,
    Path(token): Path<String>,
) -> Result<Json<Invitation>, Refused> {
    let view = app.commands.view_invitation(&token).await?;
    let names = presented(&app, view.company).await?;
    Ok(Json(Invitation {
        company_name: names.company,
        product_name: names.product,
        person: masked(&view.name),
        login: view.login.masked(),
        expires_at: view.expires_at,
        time_zone: view.time_zone.0,
        password_min: u16::try_from(view.password_min).unwrap_or(u16::MAX),
    }))
}

/// Sets the first password; the link is dead then.
#[utoipa::path(post, path = "/invitations/{token}", tag = "links", params(("token" = String, Path)),
    request_body = AcceptInvitation,
    responses((status = 204), (status = 410, body = Problem), (status = 422, body = Problem)))]
pub(crate) async fn accept(
    State(app): State<App>,
    ask: Ask,
    Path(token): Path<String>,
    body: Body<AcceptInvitation>,
) -> Result<StatusCode, Refused> {
    let password = SecretString::from(body.value.password);
    app.commands.accept_invitation(&token, &password, ask.address, ask.visitor()).await?;
    Ok(StatusCode::NO_CONTENT)
}

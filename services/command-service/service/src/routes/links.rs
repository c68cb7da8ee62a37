//! `verification-links/{token}`: what a mailed link proves, and the button behind it.

use axum::Json;
use axum::extract::State;
use twostep_api::{LinkState, OpenVerificationLink, Problem, ProblemType, VerificationLink};
use twostep_commands::{OpenedLink, VerificationView};
use twostep_domain::Code;

use super::me::{masked_person, presented};
use crate::app::App;
use crate::refusal::Refused;
use crate::request::{Ask, Body, MaybeAccess, Path};

/// What the link proves. Changes nothing, however often it is asked (S8).
#[utoipa::path(get, path = "/verification-links/{token}", tag = "links", params(("token" = String, Path)),
    responses((status = 200, body = VerificationLink), (status = 410, body = Problem)))]
pub(crate) async fn show(
    State(app): State<App>,
    MaybeAccess(access): MaybeAccess,
    Path(token): Path<String>,
) -> Result<Json<VerificationLink>, Refused> {
    let view = app.commands.view_verification_link(&token, access.as_ref()).await?;
    shown(&app, view, None).await.map(Json)
}

/// The button: one press in the browser that set up, the first screen's code on another device.
#[utoipa::path(post, path = "/verification-links/{token}", tag = "links", params(("token" = String, Path)),
    request_body = OpenVerificationLink,
    responses((status = 200, body = VerificationLink), (status = 410, body = Problem), (status = 422, body = Problem)))]
pub(crate) async fn open(
    State(app): State<App>,
    MaybeAccess(access): MaybeAccess,
    ask: Ask,
    Path(token): Path<String>,
    body: Body<OpenVerificationLink>,
) -> Result<Json<VerificationLink>, Refused> {
    let typed = body.value.first_screen_code.as_deref().map(Code::parse).transpose();
    let typed = typed.map_err(|error| Refused::field("first_screen_code", error))?;
    // Seen before it is opened: a wrong code may be the link's last.
    let view = app.commands.view_verification_link(&token, access.as_ref()).await?;
    let opened = app
        .commands
        .open_verification_link(&token, access.as_ref(), typed.as_ref(), ask.address, ask.visitor())
        .await?;
    let state = match opened {
        OpenedLink::Verified => LinkState::Verified,
        OpenedLink::CodeNeeded => LinkState::CodeNeeded,
        OpenedLink::Rejected => {
            let detail = "that isn't the code on the first screen: look there and type it again";
            return Err(Refused::new(ProblemType::CodeRejected, detail));
        }
    };
    shown(&app, view, Some(state)).await.map(Json)
}

async fn shown(
    app: &App,
    view: VerificationView,
    state: Option<LinkState>,
) -> Result<VerificationLink, Refused> {
    let names = presented(app, view.company).await?;
    let (person, time_zone) = masked_person(app, view.company, view.member).await?;
    let untouched = match (view.verified, view.same_device) {
        (true, _) => LinkState::Verified,
        (false, true) => LinkState::Confirm,
        (false, false) => LinkState::CodeNeeded,
    };
    Ok(VerificationLink {
        company_name: names.company,
        product_name: names.product,
        person,
        destination: view.destination,
        state: state.unwrap_or(untouched),
        expires_at: view.expires_at,
        time_zone: time_zone.0,
    })
}

//! `set-up/…`: the app, the address, the number.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use secrecy::ExposeSecret as _;
use twostep_api::{ConfirmCode, ConfirmContact, Pairing, Problem, SetUp, VerifyEmail, VerifyPhone};
use twostep_commands::{Fold, SetUpCaller, SetUpError, TypedContact};
use twostep_domain::second_step::{AppStep, ContactStep, SecondStep};
use twostep_domain::{Code, Method};
use twostep_vault::Field;

use super::set_up::shown;
use crate::app::App;
use crate::refusal::Refused;
use crate::request::{Ask, Body, SetUp as Caller};

/// *Set up mobile app*: a new seed, as QR content and as text. Shown this once; an earlier one is dead then.
#[utoipa::path(post, path = "/set-up/authenticator", tag = "set-up",
    responses((status = 201, body = Pairing), (status = 409, body = Problem)))]
pub(crate) async fn pair(
    State(app): State<App>,
    Caller { caller }: Caller,
    ask: Ask,
) -> Result<(StatusCode, Json<Pairing>), Refused> {
    let company = app.commands.company(caller.company).await?;
    let issuer = company.state().registered().ok_or_else(Refused::not_found)?.branding().account_name.clone();
    let member = app.commands.member(caller.company, caller.member).await?;
    let person = member.state().person().ok_or_else(Refused::not_found)?;
    let login = app.commands.open(caller.company, caller.member, Field::Login, &person.identity().login);
    let login = login.map_err(twostep_commands::Fault::from)?;
    let (id, seed, fold) = app.commands.pair_authenticator(&caller, &ask.caller()).await?;
    let uri = seed.uri(&issuer, login.expose_secret()).map_err(|_| SetUpError::AccountName)?;
    let secret = seed.base32();
    let set_up = fold.state().set_up(caller.owner, app.commands.now()).ok_or_else(Refused::not_found)?;
    let expires_at = match &set_up.app {
        Some(AppStep::Shown { expires_at, .. }) => *expires_at,
        Some(AppStep::Paired(_)) | None => set_up.expires_at,
    };
    Ok((
        StatusCode::CREATED,
        Json(Pairing {
            id: id.0,
            uri: uri.expose_secret().to_owned(),
            secret: in_fours(secret.expose_secret()),
            account_name: issuer.as_str().to_owned(),
            expires_at,
            time_zone: person.time_zone().0.clone(),
        }),
    ))
}

/// The app's first code.
#[utoipa::path(post, path = "/set-up/authenticator/confirmation", tag = "set-up", request_body = ConfirmCode,
    responses((status = 200, body = SetUp), (status = 422, body = Problem)))]
pub(crate) async fn confirm_app(
    State(app): State<App>,
    Caller { caller }: Caller,
    ask: Ask,
    body: Body<ConfirmCode>,
) -> Result<Json<SetUp>, Refused> {
    let code = code(&body.value.code)?;
    let fold = app.commands.confirm_authenticator(&caller, &code, &ask.caller()).await?;
    shown(&app, &caller, fold.state()).await.map(Json)
}

/// *Set up Email*: mails a link and a short code; also *Resend* and a changed address.
#[utoipa::path(post, path = "/set-up/email", tag = "set-up", request_body = VerifyEmail,
    responses((status = 202, body = SetUp), (status = 429, body = Problem)))]
pub(crate) async fn verify_email(
    State(app): State<App>,
    Caller { caller }: Caller,
    ask: Ask,
    body: Body<VerifyEmail>,
) -> Result<(StatusCode, Json<SetUp>), Refused> {
    verify(&app, &caller, &ask, TypedContact::Email(&body.value.address)).await
}

/// *Finish email setup*: with the mail's short code, or without one after the link was followed.
#[utoipa::path(post, path = "/set-up/email/confirmation", tag = "set-up", request_body = ConfirmContact,
    responses((status = 200, body = SetUp), (status = 409, body = Problem), (status = 422, body = Problem)))]
pub(crate) async fn confirm_email(
    State(app): State<App>,
    Caller { caller }: Caller,
    ask: Ask,
    body: Body<ConfirmContact>,
) -> Result<Json<SetUp>, Refused> {
    confirm(&app, &caller, &ask, Method::Email, body.value.code.as_deref()).await
}

/// *Set up Text Message*: texts a code; also *Resend* and a changed number.
#[utoipa::path(post, path = "/set-up/phone", tag = "set-up", request_body = VerifyPhone,
    responses((status = 202, body = SetUp), (status = 400, body = Problem), (status = 429, body = Problem)))]
pub(crate) async fn verify_phone(
    State(app): State<App>,
    Caller { caller }: Caller,
    ask: Ask,
    body: Body<VerifyPhone>,
) -> Result<(StatusCode, Json<SetUp>), Refused> {
    verify(&app, &caller, &ask, TypedContact::Phone(&body.value.number)).await
}

/// *Finish text setup*.
#[utoipa::path(post, path = "/set-up/phone/confirmation", tag = "set-up", request_body = ConfirmCode,
    responses((status = 200, body = SetUp), (status = 422, body = Problem)))]
pub(crate) async fn confirm_phone(
    State(app): State<App>,
    Caller { caller }: Caller,
    ask: Ask,
    body: Body<ConfirmCode>,
) -> Result<Json<SetUp>, Refused> {
    confirm(&app, &caller, &ask, Method::Sms, Some(&body.value.code)).await
}

/// Sends what proves an address or a number.
async fn verify(
    app: &App,
    caller: &SetUpCaller,
    ask: &Ask,
    contact: TypedContact<'_>,
) -> Result<(StatusCode, Json<SetUp>), Refused> {
    let metadata = ask.caller();
    let fold = app.commands.request_contact_verification(caller, contact, &metadata).await?;
    Ok((StatusCode::ACCEPTED, Json(shown(app, caller, fold.state()).await?)))
}

/// Takes the code that was sent; without one, the link must have been followed.
async fn confirm(
    app: &App,
    caller: &SetUpCaller,
    ask: &Ask,
    method: Method,
    typed: Option<&str>,
) -> Result<Json<SetUp>, Refused> {
    let fold = match typed {
        Some(typed) => {
            let code = code(typed)?;
            app.commands.confirm_contact(caller, method, &code, &ask.caller()).await?
        }
        None => {
            let fold = app.commands.second_step(caller.company, caller.member).await?;
            if !is_verified(app, caller, method, &fold) {
                return Err(SetUpError::NotYetVerified.into());
            }
            fold
        }
    };
    shown(app, caller, fold.state()).await.map(Json)
}

fn code(typed: &str) -> Result<Code, Refused> {
    Code::parse(typed).map_err(|error| Refused::field("code", error))
}

fn is_verified(app: &App, caller: &SetUpCaller, method: Method, fold: &Fold<SecondStep>) -> bool {
    let set_up = fold.state().set_up(caller.owner, app.commands.now());
    set_up
        .and_then(|set_up| set_up.contact(method))
        .is_some_and(|step| matches!(step, ContactStep::Verified { .. }))
}

/// `ABCD EFGH …`: easier to type off a screen.
fn in_fours(text: &str) -> String {
    let chars: Vec<char> = text.chars().collect();
    let groups: Vec<String> = chars.chunks(4).map(|group| group.iter().collect()).collect();
    groups.join(" ")
}

//! Who asks: extractors for each kind of bearer token that a route takes.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};
use twostep_api::ProblemType;
use twostep_commands::{Access, Acting, PendingCaller, SessionCaller, SetUpCaller};
use twostep_domain::second_step::SessionStanding;

use super::Ask;
use super::ask::address;
use crate::app::App;
use crate::positions;
use crate::refusal::Refused;

/// Somebody in a session that satisfies the policy of this moment.
pub(crate) struct Session(pub(crate) SessionCaller);

/// Somebody in a session, also one below the policy: to see it, end it, or complete it.
pub(crate) struct AnySession(pub(crate) SessionCaller);

/// A pending sign-in, or a session whose step-up is asked about.
pub(crate) enum SignIn {
    /// A pending sign-in.
    Pending(PendingCaller),
    /// A session.
    Session(SessionCaller),
}

/// Somebody who may set up: a pending sign-in or any session.
pub(crate) struct SetUp {
    pub(crate) caller: SetUpCaller,
}

/// Whoever asks, if they say who they are; a dead token counts as none.
pub(crate) struct MaybeAccess(pub(crate) Option<Access>);

/// The bearer token of a request, as it was sent.
pub(crate) fn bearer(headers: &HeaderMap) -> Option<&str> {
    let value = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    value.and_then(|value| value.strip_prefix("Bearer "))
}

/// Whoever the token says. A question that names a position waits here, once it is known who asks.
async fn access(parts: &mut Parts, app: &App) -> Result<Access, Refused> {
    let token = bearer(&parts.headers).ok_or_else(Refused::not_signed_in)?;
    let access = app.commands.authenticate(token).await?;
    positions::reached(parts, app).await?;
    // Of the client the log knows more than this request: it was named when the sign-in began.
    let stamp = app.commands.stamp(Acting::of(&access, address(parts, app)))?;
    parts.extensions.insert(stamp);
    if let Access::Session(caller) = &access {
        let mut parts = parts.clone();
        let ask = Ask::from_request_parts(&mut parts, app).await?;
        app.commands.touch_session(caller, &ask.caller()).await?;
    }
    Ok(access)
}

impl FromRequestParts<App> for Session {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Refused> {
        let AnySession(caller) = AnySession::from_request_parts(parts, app).await?;
        match caller.standing {
            SessionStanding::Full => Ok(Self(caller)),
            SessionStanding::SecondStepRequired => Err(Refused::new(
                ProblemType::SecondStepRequired,
                "the company now asks for a second step: prove it (sessions/current/step-ups) or set it up (set-up)",
            )),
        }
    }
}

impl FromRequestParts<App> for AnySession {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Refused> {
        match access(parts, app).await? {
            Access::Session(caller) => Ok(Self(caller)),
            Access::SignIn(_) => Err(Refused::not_signed_in()),
        }
    }
}

impl FromRequestParts<App> for SignIn {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Refused> {
        Ok(access(parts, app).await?.into())
    }
}

impl From<Access> for SignIn {
    fn from(access: Access) -> Self {
        match access {
            Access::Session(caller) => Self::Session(caller),
            Access::SignIn(caller) => Self::Pending(caller),
        }
    }
}

impl FromRequestParts<App> for SetUp {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Refused> {
        let access = access(parts, app).await?;
        Ok(Self { caller: access.set_up() })
    }
}

impl FromRequestParts<App> for MaybeAccess {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Refused> {
        if !parts.headers.contains_key(header::AUTHORIZATION) {
            return Ok(Self(None));
        }
        Ok(Self(access(parts, app).await.ok()))
    }
}

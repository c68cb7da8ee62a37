//! `sessions`: the caller's own, and fresh proofs inside one.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use twostep_api::{Problem, Sessions, SignIn};
use twostep_domain::SessionId;
use twostep_domain::second_step::Session as DomainSession;

use super::sign_ins::begun;
use crate::app::App;
use crate::refusal::Refused;
use crate::request::{AnySession, Ask, Path, Session};
use crate::shape;

/// The sessions of the person signed in.
#[utoipa::path(get, path = "/sessions", tag = "sessions",
    responses((status = 200, body = Sessions), (status = 401, body = Problem)))]
pub(crate) async fn list(State(app): State<App>, Session(caller): Session) -> Json<Sessions> {
    let sessions = caller.fold.state().sessions(app.commands.now());
    let mut sessions: Vec<_> = sessions.map(|session| shown(session, caller.session.id)).collect();
    sessions.reverse();
    Json(Sessions { sessions })
}

/// Ends a session: `current`, or another of the person's.
#[utoipa::path(delete, path = "/sessions/{id}", tag = "sessions", params(("id" = String, Path)),
    responses((status = 204), (status = 401, body = Problem), (status = 404, body = Problem)))]
pub(crate) async fn end(
    State(app): State<App>,
    AnySession(caller): AnySession,
    ask: Ask,
    Path(id): Path<String>,
) -> Result<StatusCode, Refused> {
    let session = if id == "current" {
        caller.session.id
    } else {
        let id: SessionId = id.parse().map_err(|_| Refused::not_found())?;
        caller.fold.state().session(id, app.commands.now()).ok_or_else(Refused::not_found)?.id
    };
    app.commands.end_session(&caller, session, &ask.caller()).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Starts a step-up: a sign-in with a purpose. Its sub-routes are those of `sign-ins/{id}`, with the session's token.
#[utoipa::path(post, path = "/sessions/current/step-ups", tag = "sessions",
    responses((status = 201, body = SignIn), (status = 401, body = Problem), (status = 409, body = Problem)))]
pub(crate) async fn step_up(
    State(app): State<App>,
    AnySession(caller): AnySession,
    ask: Ask,
) -> Result<(StatusCode, Json<SignIn>), Refused> {
    let started = app.commands.start_step_up(&caller, &ask.caller()).await?;
    Ok((StatusCode::CREATED, Json(begun(&app.commands, started))))
}

/// A session as its person sees it.
pub(crate) fn shown(session: &DomainSession, current: SessionId) -> twostep_api::Session {
    twostep_api::Session {
        id: session.id.0,
        current: session.id == current,
        client: shape::client_kind(session.client.kind),
        started_at: session.started_at,
        seen_at: session.seen_at,
        expires_at: session.expires_at,
        aal: session.proof.aal,
        amr: shape::amr(&session.proof.amr),
    }
}

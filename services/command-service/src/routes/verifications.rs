//! `sign-ins/{id}/…`: sending codes, comparing them, and what became of the message.

use std::convert::Infallible;
use std::time::Duration;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Sse;
use axum::response::sse::{Event, KeepAlive};
use futures::Stream;
use twostep_api::{
    CodeSent, DeliveryState, Method as ApiMethod, Problem, ProblemType, ProofKind, RequestCode, SignIn,
    Verify,
};
use twostep_commands::{TypedCode, VerifyOutcome};
use twostep_domain::delivery::Progress;
use twostep_domain::second_step::During;
use twostep_domain::{Code, MemberId, Method, SessionId};
use twostep_vault::{PresentedToken, RecoveryCode};
use uuid::Uuid;

use super::sign_ins::{Asking, asking, refused_as, signed_in, standing};
use crate::app::App;
use crate::metrics::SignInOutcome;
use crate::refusal::Refused;
use crate::request::{Ask, Body, Path, SignIn as Caller};
use crate::shape;

/// How often the delivery's state is looked at for a page that waits.
const LOOK_EVERY: Duration = Duration::from_millis(200);

/// *Send* or *Resend*.
#[utoipa::path(post, path = "/sign-ins/{id}/codes", tag = "sign-in", params(("id" = Uuid, Path)), request_body = RequestCode,
    responses((status = 202, body = CodeSent), (status = 401, body = Problem), (status = 429, body = Problem)))]
pub(crate) async fn send(
    State(app): State<App>,
    caller: Caller,
    ask: Ask,
    Path(id): Path<Uuid>,
    body: Body<RequestCode>,
) -> Result<(StatusCode, Json<CodeSent>), Refused> {
    let Asking { company, member, sign_in, .. } = asking(&app.commands, caller, id)?;
    let method = shape::method_in(body.value.method);
    if method == Method::App {
        return Err(Refused::field("method", "an app shows its codes itself: choose sms or email"));
    }
    let sent = app.commands.request_code(company, member, sign_in, method, &ask.member(member)).await?;
    let now = app.commands.now();
    let state = sent.fold.state();
    let dispatch = &sent.dispatch;
    Ok((
        StatusCode::ACCEPTED,
        Json(CodeSent {
            method: shape::method(method),
            destination: shape::masked(&app.commands, company, member, method, &dispatch.destination)
                .unwrap_or_default(),
            same_code: sent.same_code,
            expires_at: dispatch.expires_at,
            next_send_at: state.next_send_at(&dispatch.destination_hash, now).unwrap_or(now),
        }),
    ))
}

/// Compares a code. A right one is answered once with the session's token; the pending sign-in's is dead then.
#[utoipa::path(post, path = "/sign-ins/{id}/verifications", tag = "sign-in", params(("id" = Uuid, Path)), request_body = Verify,
    responses((status = 200, body = SignIn), (status = 400, body = Problem), (status = 422, body = Problem), (status = 429, body = Problem)))]
pub(crate) async fn verify(
    State(app): State<App>,
    caller: Caller,
    ask: Ask,
    Path(id): Path<Uuid>,
    body: Body<Verify>,
) -> Result<Json<SignIn>, Refused> {
    let Asking { company, member, sign_in, .. } = asking(&app.commands, caller, id)?;
    let typed = typed(body.value)?;
    let verified = app.commands.verify(company, member, sign_in, &typed, &ask.member(member)).await;
    let verified = verified.inspect_err(|error| app.metrics.signed_in(refused_as(error)))?;
    app.metrics.signed_in(match verified.outcome {
        VerifyOutcome::SignedIn | VerifyOutcome::SteppedUp => SignInOutcome::SignedIn,
        VerifyOutcome::SetUp => SignInOutcome::SetUpAsked,
        VerifyOutcome::Rejected | VerifyOutcome::Locked => SignInOutcome::CodeRejected,
    });
    let state = verified.fold.state();
    let now = app.commands.now();
    match verified.outcome {
        VerifyOutcome::Rejected => {
            let problem =
                Problem::new(ProblemType::CodeRejected, "the code is wrong: check it and type it again");
            Err(Refused(match state.retry_at(now) {
                Some(next_at) => problem.next_at(next_at),
                None => problem,
            }))
        }
        VerifyOutcome::Locked => Err(Refused(Problem::new(
            ProblemType::Locked,
            "the code is wrong, and the second step is locked now: sign in again and use a printed code, or ask an \
             administrator",
        ))),
        VerifyOutcome::SetUp => {
            Ok(Json(standing(&app.commands, company, member, &verified.requirement, state, sign_in)))
        }
        VerifyOutcome::SteppedUp => Ok(Json(signed_in(id, None, now))),
        VerifyOutcome::SignedIn => {
            let token = verified.token.map(|token| token.expose().to_owned());
            let session =
                token.as_deref().and_then(|token| PresentedToken::parse(token).ok()).map(|token| token.id());
            let session = session.and_then(|id| state.session(SessionId(id), now));
            Ok(Json(signed_in(id, token, session.map_or(now, |session| session.expires_at))))
        }
    }
}

/// The state of the sign-in's latest message, as it changes.
#[utoipa::path(get, path = "/sign-ins/{id}/events", tag = "sign-in", params(("id" = Uuid, Path)),
    responses((status = 200, content_type = "text/event-stream", body = DeliveryState), (status = 401, body = Problem)))]
pub(crate) async fn delivery(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<Uuid>,
) -> Result<Sse<impl Stream<Item = Result<Event, Infallible>>>, Refused> {
    let Asking { member, sign_in, .. } = asking(&app.commands, caller, id)?;
    let deadline = app.commands.now() + chrono::Duration::minutes(15);
    let seen: Option<DeliveryState> = None;
    let events = futures::stream::unfold((app, seen), move |(app, seen)| async move {
        loop {
            if app.commands.now() >= deadline {
                return None;
            }
            let latest = latest(&app, member, During::SignIn(sign_in)).await;
            if latest.is_some() && latest != seen {
                let event = latest
                    .as_ref()
                    .and_then(|state| Event::default().event("delivery").json_data(state).ok())?;
                return Some((Ok(event), (app, latest)));
            }
            // A stream that nobody ends would hold a stopping process until it is killed.
            tokio::select! {
                () = app.stop.requested() => return None,
                () = tokio::time::sleep(LOOK_EVERY) => {}
            }
        }
    });
    Ok(Sse::new(events).keep_alive(KeepAlive::default()))
}

/// The state of the latest message of a sign-in or set-up.
pub(crate) async fn latest(app: &App, member: MemberId, during: During) -> Option<DeliveryState> {
    let checkpoint = app.deliveries.checkpoint()?;
    let model = app.deliveries.at(&checkpoint).await.ok()?;
    let sent = model.latest(member, during)?;
    let status = model.of_intent(sent.intent);
    let (state, at) = status.map_or(("requested", sent.at), |status| (status.progress.as_str(), status.at));
    let next_at = status_next(model.of_intent(sent.intent).map(|status| status.progress));
    let method: ApiMethod = shape::method(sent.method);
    Some(DeliveryState { method, state: state.to_owned(), at, next_at })
}

fn status_next(progress: Option<Progress>) -> Option<twostep_domain::Time> {
    match progress {
        Some(Progress::Retrying { next_at }) => Some(next_at),
        _ => None,
    }
}

/// What was typed, if it can be a code at all: otherwise nothing is compared and no try counted (S5).
fn typed(verify: Verify) -> Result<TypedCode, Refused> {
    let digits = || Code::parse(&verify.code).map_err(|error| Refused::field("code", error));
    Ok(match verify.method {
        ProofKind::App => TypedCode::App(digits()?),
        ProofKind::Sms => TypedCode::Sent(Method::Sms, digits()?),
        ProofKind::Email => TypedCode::Sent(Method::Email, digits()?),
        ProofKind::Printed => TypedCode::Printed(
            RecoveryCode::parse(&verify.code).map_err(|error| Refused::field("code", error))?,
        ),
    })
}

//! `sign-ins/{id}/…`: sending codes and comparing them.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use twostep_api::{CodeSent, Problem, ProblemType, ProofKind, RequestCode, SignIn, Verify};
use twostep_commands::{TypedCode, VerifyOutcome};
use twostep_domain::second_step::SecondStepState;
use twostep_domain::{Code, Method, SessionId};
use twostep_vault::{PresentedToken, RecoveryCode};
use uuid::Uuid;

use super::sign_ins::{Asking, asking, refused_as, signed_in, standing};
use crate::app::App;
use crate::metrics::SignInOutcome;
use crate::refusal::Refused;
use crate::request::{Ask, Body, Path, SignIn as Caller};
use crate::shape;

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
    let sent = app.commands.request_code(company, member, sign_in, method, &ask.caller()).await?;
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
    let verified = app.commands.verify(company, member, sign_in, &typed, &ask.caller()).await;
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
            let signed_in = signed_in(id, token, session.map_or(now, |session| session.expires_at));
            Ok(Json(SignIn { edit_suggested: by_a_spare_code(&typed, state), ..signed_in }))
        }
    }
}

/// Whether it was a printed code that isn't the chosen backup but the way out that everybody has (S9).
fn by_a_spare_code(typed: &TypedCode, state: &SecondStepState) -> bool {
    let printed = state.enrolment().and_then(|enrolment| enrolment.methods.printed.as_ref());
    matches!(typed, TypedCode::Printed(_)) && printed.is_some_and(|printed| !printed.as_backup)
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

//! The master key behind the operator's socket: proving that one has it, and putting another in its place.

use axum::Json;
use axum::extract::State;
use twostep_api::{MasterKeyRotated, PossessionChallenge, Problem, ProblemType, RotateMasterKey};

use crate::app::App;
use crate::refusal::Refused;
use crate::request::Body;

/// Gives out what possession of the master key is proven over.
#[utoipa::path(post, path = "/possession-challenges", tag = "operator",
    responses((status = 200, body = PossessionChallenge)))]
pub(crate) async fn challenge(State(app): State<App>) -> Json<PossessionChallenge> {
    Json(PossessionChallenge { challenge: app.challenge.draw(app.commands.now()) })
}

/// Wraps every key with another master key, while the service goes on. Repeating it with the new key for both is
/// harmless, and so ends what broke off.
#[utoipa::path(post, path = "/master-key-rotations", tag = "operator", request_body = RotateMasterKey,
    responses((status = 200, body = MasterKeyRotated), (status = 403, body = Problem), (status = 503, body = Problem)))]
pub(crate) async fn rotate(
    State(app): State<App>,
    body: Body<RotateMasterKey>,
) -> Result<Json<MasterKeyRotated>, Refused> {
    let RotateMasterKey { challenge, sealed } = body.value;
    use_up(&app, &challenge)?;
    let vault = app.commands.vault().clone();
    let next = vault.handed_over(&challenge, &sealed).ok_or_else(no_possession)?;
    let wrapped = tokio::task::spawn_blocking(move || vault.rewrap(next)).await;
    let keys = wrapped.map_err(|panicked| panicked.to_string()).and_then(|done| done.map_err(with_causes));
    let keys = keys.map_err(|reason| {
        tracing::error!(reason, "the master key was not rotated");
        Refused::new(ProblemType::Unavailable, format!("the master key is as it was: {reason}"))
    })?;
    tracing::warn!(keys, "the master key was rotated");
    Ok(Json(MasterKeyRotated { keys, at: app.commands.now() }))
}

/// Uses the challenge up that a request answers.
pub(crate) fn use_up(app: &App, answered: &str) -> Result<(), Refused> {
    if app.challenge.use_up(answered, app.commands.now()) {
        return Ok(());
    }
    let detail = "this took too long, or another command with the master key came in between: run it again";
    Err(Refused::new(ProblemType::Forbidden, detail))
}

/// Whoever asked doesn't hold the master key.
pub(crate) fn no_possession() -> Refused {
    tracing::warn!("something was asked for without proof of the master key");
    let detail = "the master key doesn't fit this installation: name the file that the service has it from (keys.master_path)";
    Refused::new(ProblemType::Forbidden, detail)
}

/// The error with its causes.
fn with_causes(error: impl std::error::Error) -> String {
    let causes = std::iter::successors(error.source(), |cause| cause.source());
    causes.fold(error.to_string(), |said, cause| format!("{said}: {cause}"))
}

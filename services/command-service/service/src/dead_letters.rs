//! Dead letters behind the operator's socket: what ended badly, and how it is sent once more.

use axum::Json;
use axum::extract::State;
use serde_json::Value;
use tokio::sync::RwLockReadGuard;
use twostep_api::{
    DeadLetter as Shown, DeadLetters as Listed, Problem, ProblemType, RedriveDeadLetter, RedrivenDeadLetter,
};
use twostep_commands::{ExecuteError, Fault};
use twostep_domain::delivery::{Delivery, DeliveryCommand, DeliveryError, Redrive};
use twostep_domain::{Aggregate as _, DeliveryId, StreamKind, Time};
use twostep_event_store::{Actor, Checkpoint, Metadata, StreamId};
use twostep_projections::{CompanyView, DeadLetter, DeliveryStatus, Directory};
use uuid::Uuid;

use crate::app::App;
use crate::log_end::log_end;
use crate::refusal::Refused;
use crate::request::{Ask, Body, Path};

/// The dead letters of the last 14 days, the latest first.
#[utoipa::path(get, path = "/dead-letters", tag = "operator",
    responses((status = 200, body = Listed), (status = 503, body = Problem)))]
pub(crate) async fn list(State(app): State<App>) -> Result<Json<Listed>, Refused> {
    let now = app.commands.now();
    let all = |status: &DeliveryStatus| {
        let letters = status.dead_letters().all(now).into_iter();
        letters.map(|letter| (letter.clone(), status.is_replaced(letter))).collect::<Vec<_>>()
    };
    let letters = known(&app, all).await?;
    let directory = directory(&app).await?;
    let dead_letters =
        letters.into_iter().map(|(letter, replaced)| shown(letter, replaced, &directory, now)).collect();
    Ok(Json(Listed { dead_letters }))
}

/// One of them.
#[utoipa::path(get, path = "/dead-letters/{id}", tag = "operator", params(("id" = Uuid, Path)),
    responses((status = 200, body = Shown), (status = 404, body = Problem), (status = 503, body = Problem)))]
pub(crate) async fn show(State(app): State<App>, Path(id): Path<Uuid>) -> Result<Json<Shown>, Refused> {
    let (letter, replaced) = find(&app, id).await?;
    let directory = directory(&app).await?;
    Ok(Json(shown(letter, replaced, &directory, app.commands.now())))
}

/// Sends one of them once more: its code or link is derived anew, and one that died is refused.
#[utoipa::path(post, path = "/dead-letters/{id}/redrives", tag = "operator", params(("id" = Uuid, Path)),
    request_body = RedriveDeadLetter,
    responses((status = 200, body = RedrivenDeadLetter), (status = 400, body = Problem),
        (status = 404, body = Problem), (status = 409, body = Problem), (status = 503, body = Problem)))]
pub(crate) async fn redrive(
    State(app): State<App>,
    Path(id): Path<Uuid>,
    ask: Ask,
    body: Body<RedriveDeadLetter>,
) -> Result<Json<RedrivenDeadLetter>, Refused> {
    let (letter, replaced) = find(&app, id).await?;
    if replaced {
        let detail = "a newer message of the same kind went to the same person: its code or link has taken the place of \
                      the one in this message, which is of no more use";
        return Err(Refused::new(ProblemType::Conflict, detail));
    }
    let asked = Redrive { reason: body.value.reason, now: app.commands.now() };
    send_once_more(&app, &letter, asked, &ask.by(Actor::Operator)).await?;
    tracing::info!(delivery = %letter.id, error = letter.error, "a dead letter is sent once more");
    Ok(Json(RedrivenDeadLetter { id }))
}

async fn send_once_more(
    app: &App,
    letter: &DeadLetter,
    asked: Redrive,
    metadata: &Metadata,
) -> Result<(), Refused> {
    let stream = StreamId::new(letter.company, StreamKind::Delivery, letter.id.0);
    let command = DeliveryCommand::Redrive(asked);
    let done = app
        .commands
        .ledger()
        .execute::<Delivery, _>(&stream, metadata, |fold| Delivery::decide(fold.state(), command.clone()))
        .await;
    match done {
        Ok(_) => Ok(()),
        Err(ExecuteError::Refused(error @ DeliveryError::Reason)) => Err(Refused::field("reason", error)),
        Err(ExecuteError::Refused(error)) => Err(Refused::new(ProblemType::Conflict, error.to_string())),
        Err(ExecuteError::Ledger(error)) => Err(Fault::from(error).into()),
    }
}

/// A dead letter, and whether what was in it was replaced.
async fn find(app: &App, id: Uuid) -> Result<(DeadLetter, bool), Refused> {
    let now = app.commands.now();
    let one = |status: &DeliveryStatus| {
        let letter = status.dead_letters().get(DeliveryId(id), now)?;
        Some((letter.clone(), status.is_replaced(letter)))
    };
    let found = known(app, one).await?;
    found.ok_or_else(|| {
        let detail =
            "no dead letter of the last 14 days has this id: it may be on its way again, or have arrived; \
             `twostep dead-letters list` names those that there are";
        Refused::new(ProblemType::NotFound, detail)
    })
}

/// What is known of them, not older than this call.
async fn known<T>(app: &App, look: impl FnOnce(&DeliveryStatus) -> T) -> Result<T, Refused> {
    let head = log_end(&*app.reader).await.map_err(unavailable)?;
    let status = app.deliveries.at(&head).await.map_err(unavailable)?;
    Ok(look(&status))
}

/// Whose they are: a company that sent something was there before.
async fn directory(app: &App) -> Result<RwLockReadGuard<'_, Directory>, Refused> {
    app.commands.directory().at(&Checkpoint::start()).await.map_err(unavailable)
}

fn unavailable(error: impl std::fmt::Display) -> Refused {
    Refused::new(ProblemType::Unavailable, error.to_string())
}

fn shown(letter: DeadLetter, replaced: bool, directory: &Directory, now: Time) -> Shown {
    let DeadLetter { id, company, recipient, intent, channel, kind, error, reason, provider, .. } = letter;
    let registered = directory.company(company).and_then(CompanyView::registered);
    let slug = registered.map(|company| company.slug().as_str().to_owned());
    let kind = serde_json::to_value(kind).as_ref().ok().and_then(Value::as_str).map(str::to_owned);
    Shown {
        id: id.0,
        company: slug.unwrap_or_else(|| company.to_string()),
        recipient: recipient.0,
        intent: intent.0,
        channel: channel.as_str().to_owned(),
        kind: kind.unwrap_or_default(),
        error: error.to_owned(),
        reason,
        provider,
        attempts: letter.attempts,
        at: letter.at,
        expires_at: letter.expires_at,
        may_be_redriven: now < letter.expires_at && !replaced,
    }
}

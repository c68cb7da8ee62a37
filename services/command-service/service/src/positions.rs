//! Places in the log: a command's answer says where it left it, and a question how far whoever answers must have read.

use std::sync::{Arc, Mutex, PoisonError};

use axum::extract::Request;
use axum::http::request::Parts;
use axum::http::{HeaderValue, Method};
use axum::middleware::Next;
use axum::response::Response;
use twostep_api::{Problem, ProblemType};
use twostep_event_store::{Checkpoint, Position};

use crate::app::App;
use crate::refusal::Refused;

/// The header of a command's answer.
pub(crate) const POSITION: &str = "twostep-position";

/// The header of a question: what it takes is what an answer gave as [`POSITION`].
pub(crate) const LEAST: &str = "twostep-min-position";

/// When to ask again that a read model which is behind may have caught up.
const AGAIN: chrono::Duration = chrono::Duration::seconds(1);

tokio::task_local! {
    /// Where the request that this task carries out has written.
    static WRITTEN: Arc<Mutex<Checkpoint>>;
}

/// Notes an append, for the answer to the request that caused it; background work has no answer.
pub(crate) fn written(position: Position) {
    let _ =
        WRITTEN.try_with(|written| written.lock().unwrap_or_else(PoisonError::into_inner).advance(position));
}

/// Carries a request out, and says on a command's success where its last event is.
pub(crate) async fn told(request: Request, next: Next) -> Response {
    let reads = matches!(*request.method(), Method::GET | Method::HEAD);
    let written = Arc::default();
    let mut response = WRITTEN.scope(Arc::clone(&written), next.run(request)).await;
    let position = written.lock().unwrap_or_else(PoisonError::into_inner).clone();
    if !reads && response.status().is_success() && position != Checkpoint::start() {
        tell(&mut response, &position);
    }
    response
}

/// Names `position` in an answer.
pub(crate) fn tell(response: &mut Response, position: &Checkpoint) {
    if let Ok(value) = HeaderValue::from_str(&position.to_string()) {
        response.headers_mut().insert(POSITION, value);
    }
}

/// Waits until the read models are where the question wants them to be, where it says so.
pub(crate) async fn reached(parts: &Parts, app: &App) -> Result<(), Refused> {
    let Some(text) = parts.headers.get(LEAST).filter(|_| parts.method == Method::GET) else { return Ok(()) };
    let least = text.to_str().ok().filter(|text| !text.is_empty()).and_then(|text| text.parse().ok());
    let least: Checkpoint = least.ok_or_else(|| {
        let detail = format!("{LEAST} takes what an answer of this service gave as {POSITION}, unchanged");
        Refused::new(ProblemType::Malformed, detail)
    })?;
    let behind = |behind: twostep_projections::Behind| {
        tracing::warn!(%behind, "a question waited for a position in vain");
        let detail = "this place has not read that far yet: ask again in a moment";
        Refused(Problem::new(ProblemType::Unavailable, detail).next_at(app.commands.now() + AGAIN))
    };
    drop(app.commands.directory().at(&least).await.map_err(behind)?);
    drop(app.deliveries.at(&least).await.map_err(behind)?);
    Ok(())
}

//! Messages as JSON.

use std::sync::Arc;
use std::time::Duration;

use axum::Json;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use serde::Deserialize;

use crate::Received;
use crate::inbox::Filter;
use crate::shared::Shared;

/// The longest wait for the next message, in seconds.
const LONGEST: u64 = 120;

#[derive(Deserialize)]
pub(super) struct Wait {
    /// In seconds.
    #[serde(default = "half_a_minute")]
    timeout: u64,
}

fn half_a_minute() -> u64 {
    30
}

pub(super) async fn list(
    State(shared): State<Arc<Shared>>,
    Query(filter): Query<Filter>,
) -> Json<Vec<Received>> {
    Json(shared.inbox.list(&filter))
}

pub(super) async fn one(
    State(shared): State<Arc<Shared>>,
    Path(id): Path<u64>,
) -> Result<Json<Received>, StatusCode> {
    shared.inbox.get(id).map(Json).ok_or(StatusCode::NOT_FOUND)
}

/// Waits for a message; 204 when none came in time or the inbox stops.
pub(super) async fn next(
    State(shared): State<Arc<Shared>>,
    Query(filter): Query<Filter>,
    Query(Wait { timeout }): Query<Wait>,
) -> Response {
    let timeout = Duration::from_secs(timeout.min(LONGEST));
    tokio::select! {
        found = tokio::time::timeout(timeout, shared.inbox.next(&filter)) => match found {
            Ok(message) => Json(message).into_response(),
            Err(_) => StatusCode::NO_CONTENT.into_response(),
        },
        () = shared.shutdown.cancelled() => StatusCode::NO_CONTENT.into_response(),
    }
}

pub(super) async fn clear(State(shared): State<Arc<Shared>>) -> StatusCode {
    shared.inbox.clear();
    StatusCode::NO_CONTENT
}

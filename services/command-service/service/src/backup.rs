//! Backups behind the operator's socket: whoever composes the service knows which files there are.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use axum::{Extension, Json};
use twostep_api::{BackUp, BackedUp, Problem, ProblemType};

use crate::refusal::Refused;
use crate::request::Body;

/// Copies the data of an installation while it runs.
pub trait Backups: Send + Sync {
    /// Writes a whole copy, as of one moment, into the new directory `to`. Blocks for as long as it takes.
    ///
    /// # Errors
    /// Why there is none, in words for the operator; then there is nothing at `to` that wasn't there before.
    fn back_up(&self, to: &Path) -> Result<BackedUp, String>;
}

/// Writes a backup of log and keys.
#[utoipa::path(post, path = "/backups", tag = "operator", request_body = BackUp,
    responses((status = 200, body = BackedUp), (status = 409, body = Problem)))]
pub(crate) async fn back_up(
    Extension(backups): Extension<Arc<dyn Backups>>,
    body: Body<BackUp>,
) -> Result<Json<BackedUp>, Refused> {
    let to = PathBuf::from(body.value.directory);
    let written = tokio::task::spawn_blocking(move || backups.back_up(&to)).await;
    let written = written.unwrap_or_else(|panicked| Err(panicked.to_string()));
    written.map(Json).map_err(|reason| {
        tracing::error!(reason, "there is no backup");
        Refused::new(ProblemType::Conflict, reason)
    })
}

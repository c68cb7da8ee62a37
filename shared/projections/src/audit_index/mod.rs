//! The audit index: which events a company's history has, by time, type and person, without reading the log for it.
//!
//! It lies in a local file, holds envelopes' ids and types and nothing sealed or personal, and may be deleted while the
//! service is stopped. The events themselves are read from the log: an index that is wrong can hide an event, never
//! invent one, and [`AuditIndex::rebuild`] finds it out.

mod filter;
mod rebuild;
mod table;
#[cfg(test)]
mod tests;

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use twostep_domain::CompanyId;
use twostep_event_store::{Checkpoint, Position, Reader, RecordedEvent, Revision, StreamId};

use crate::Behind;
use crate::follower::{Follower, Hindrance, follow};
use crate::progress::Progress;
use table::Table;

pub use filter::{AuditFilter, Streams};

/// Its name, for readiness and logs.
const NAME: &str = "audit index";

/// The index of every company's history.
pub struct AuditIndex {
    reader: Arc<dyn Reader>,
    path: PathBuf,
    table: Arc<Mutex<Table>>,
    progress: Progress,
    /// Held by whoever rebuilds the index.
    rebuilding: Arc<tokio::sync::Mutex<()>>,
}

/// An event that the index knows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Indexed {
    /// Its number in its company's history, from 1.
    pub number: u64,
    /// Its stream.
    pub stream: StreamId,
    /// Its place in the stream.
    pub revision: Revision,
}

/// The index can't be used at present.
#[derive(Debug, thiserror::Error)]
pub enum AuditIndexError {
    /// It doesn't reach the log's head.
    #[error(transparent)]
    Behind(#[from] Behind),
    /// Its file.
    #[error("the audit index at {path}, which may be deleted while the service is stopped: {reason}")]
    File {
        /// Which file.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
}

impl AuditIndex {
    /// Opens the index at `path`, made anew where it is unusable or of another layout, and follows `reader` from where
    /// it stands, until it is dropped.
    ///
    /// # Errors
    /// Not even an empty index can be made there.
    pub async fn follow(reader: Arc<dyn Reader>, path: &Path) -> Result<Arc<Self>, AuditIndexError> {
        let (table, from) = match usable(&*reader, path).await {
            Ok(usable) => usable,
            Err(reason) => {
                tracing::warn!(path = %path.display(), reason, "the audit index is unusable and made anew");
                let table = Table::make(path).map_err(|error| AuditIndexError::File {
                    path: path.to_owned(),
                    reason: error.to_string(),
                })?;
                (table, Checkpoint::start())
            }
        };
        let index = Arc::new(Self {
            reader: reader.clone(),
            path: path.to_owned(),
            table: Arc::new(Mutex::new(table)),
            progress: Progress::new(NAME, from.clone()),
            rebuilding: Arc::default(),
        });
        follow(reader, from, &index);
        Ok(index)
    }

    /// At most `limit` events of `company` that `filter` lets through, after the one with the number `after`, oldest
    /// first; nothing up to `least` is missing.
    ///
    /// # Errors
    /// [`AuditIndexError`].
    pub async fn find(
        &self,
        company: CompanyId,
        filter: AuditFilter,
        after: u64,
        limit: usize,
        least: &Checkpoint,
    ) -> Result<Vec<Indexed>, AuditIndexError> {
        self.progress.in_time(least).await?;
        self.with(move |table| table.find(company, &filter, after, limit)).await
    }

    /// Waits, however long it takes, until the index has seen everything up to `least`.
    ///
    /// # Errors
    /// [`Behind::Stopped`].
    pub async fn reached(&self, least: &Checkpoint) -> Result<(), Behind> {
        self.progress.reached(least).await
    }

    /// Why the index doesn't go on, for good or until its file can be written again.
    #[must_use]
    pub fn stuck(&self) -> Option<String> {
        self.progress.hindrance()
    }

    /// Does `work` on the table, where it may block.
    async fn with<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Table) -> rusqlite::Result<T> + Send + 'static,
    ) -> Result<T, AuditIndexError> {
        let table = self.table.clone();
        let done = tokio::task::spawn_blocking(move || work(&mut lock(&table))).await;
        let failed = |reason: String| AuditIndexError::File { path: self.path.clone(), reason };
        done.map_err(|error| failed(error.to_string()))?.map_err(|error| failed(error.to_string()))
    }
}

fn lock(table: &Mutex<Table>) -> MutexGuard<'_, Table> {
    table.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The table at `path` and how far it goes, where it is one and was made of the log that `reader` reads.
async fn usable(reader: &dyn Reader, path: &Path) -> Result<(Table, Checkpoint), String> {
    let table = Table::open(path).map_err(|error| error.to_string())?;
    let Some(reached) = table.reached().map_err(|error| error.to_string())? else {
        return Ok((table, Checkpoint::start()));
    };
    let (stream, revision, id) = &reached.last;
    let event = reader.event(stream, *revision).await.map_err(|error| error.to_string())?;
    match event {
        Some(event) if event.envelope.id == *id && ends_with(&reached.checkpoint, event.position) => {
            Ok((table, reached.checkpoint))
        }
        _ => Err("it was made of another log than this one".to_owned()),
    }
}

/// Whether `checkpoint` goes to `position` in its partition, and no further.
fn ends_with(checkpoint: &Checkpoint, position: Position) -> bool {
    checkpoint.offset(position.partition()) == position.offset()
}

#[async_trait]
impl Follower for AuditIndex {
    fn name(&self) -> &'static str {
        NAME
    }

    fn progress(&self) -> &Progress {
        &self.progress
    }

    async fn take_in(&self, from: &Checkpoint, events: Arc<[RecordedEvent]>) -> Result<(), Hindrance> {
        let from = from.clone();
        let joined = self.with(move |table| table.add(&from, &events)).await;
        match joined.map_err(|error| Hindrance::Unkept(error.to_string()))? {
            true => Ok(()),
            false => Err(Hindrance::Gap),
        }
    }
}

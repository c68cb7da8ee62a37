//! The store that only reads.

use std::path::Path;
use std::time::Duration;

use async_trait::async_trait;
use twostep_domain::CompanyId;
use twostep_event_store::{
    Checkpoint, Loaded, Partition, ReadError, Reader, RecordedEvent, Revision, StreamId,
};

use crate::failure::describe;
use crate::pool::Pool;
use crate::query::unreadable;
use crate::store::checkpoint_at;
use crate::{BackupError, OpenError, backup, connection, file, query};

/// How often a waiting reader looks: the writer is another process and can't wake it.
const LOOK: Duration = Duration::from_millis(100);

/// Connections of one reader.
const CONNECTIONS: usize = 2;

/// Reads a log that this or another process writes, or that nobody writes. It takes no lock and changes nothing.
pub struct SqliteReader {
    pool: Pool,
}

impl SqliteReader {
    /// Opens the log at `path` for reading.
    ///
    /// # Errors
    /// [`OpenError`]: it is missing, damaged, of something else or of a newer version.
    pub fn open(path: impl AsRef<Path>) -> Result<Self, OpenError> {
        let path = path.as_ref();
        if !file::exists(path)? {
            return Err(OpenError::Missing { path: path.to_owned() });
        }
        let refused = |error: rusqlite::Error| file::refused(path, "opening it", &error);
        let connection = connection::reading(path).map_err(refused)?;
        file::check_for_reading(path, &connection)?;
        Ok(Self { pool: Pool::new(path.to_owned(), CONNECTIONS, connection) })
    }

    /// Copies the log as of one moment to a new file at `to`, while it is written or not: checked as a whole, synced,
    /// with mode 0600. Both readers and a writer open the copy like the log itself. Blocks for as long as it takes;
    /// gives the number of events in the copy.
    ///
    /// # Errors
    /// [`BackupError`]; then there is nothing at `to`.
    pub fn back_up(log: impl AsRef<Path>, to: impl AsRef<Path>) -> Result<u64, BackupError> {
        let failed = |error: rusqlite::Error| BackupError::Failed {
            path: to.as_ref().to_owned(),
            reason: format!("the log can't be read: {}", describe(&error)),
        };
        let connection = connection::copying(log.as_ref()).map_err(failed)?;
        backup::copy(&connection, to.as_ref())
    }

    async fn end(&self) -> Result<u64, ReadError> {
        self.pool.run(|connection| query::head(connection).map_err(unreadable)).await
    }
}

#[async_trait]
impl Reader for SqliteReader {
    async fn load(&self, stream: &StreamId, after: Option<Revision>) -> Result<Loaded, ReadError> {
        let stream = stream.clone();
        self.pool.run(move |connection| query::load(connection, &stream, after)).await
    }

    async fn event(&self, stream: &StreamId, revision: Revision) -> Result<Option<RecordedEvent>, ReadError> {
        let stream = stream.clone();
        self.pool.run(move |connection| query::event(connection, &stream, revision)).await
    }

    async fn read(&self, after: &Checkpoint, limit: usize) -> Result<Vec<RecordedEvent>, ReadError> {
        let after = after.offset(Partition::ONLY);
        self.pool.run(move |connection| query::read(connection, after, limit)).await
    }

    async fn head(&self, _company: CompanyId) -> Result<Checkpoint, ReadError> {
        self.end().await.map(checkpoint_at)
    }

    async fn wait_beyond(&self, seen: &Checkpoint) -> Result<(), ReadError> {
        let seen = seen.offset(Partition::ONLY);
        while self.end().await? <= seen {
            tokio::time::sleep(LOOK).await;
        }
        Ok(())
    }
}

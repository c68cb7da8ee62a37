//! The store that writes.

use std::path::Path;
use std::sync::Arc;
use std::thread::{self, JoinHandle};

use async_trait::async_trait;
use tokio::sync::{mpsc, oneshot, watch};
use twostep_domain::CompanyId;
use twostep_event_store::{
    AppendError, AppendToken, Appended, Checkpoint, Loaded, NewEvent, Partition, Position, ReadError, Reader,
    RecordedEvent, Revision, StreamId, Writer as WriterPort, prepare,
};

use crate::append::Command;
use crate::ends::Ends;
use crate::lock::WriterLock;
use crate::place::Place;
use crate::pool::Pool;
use crate::room::Room;
use crate::writer::Writer;
use crate::{OpenError, OpenOptions, connection, file, query};

/// The log in one file, written by this process alone.
///
/// Dropping it finishes what is queued and lets go of the file.
pub struct SqliteStore {
    queue: Option<mpsc::Sender<Command>>,
    head: watch::Receiver<u64>,
    pool: Pool,
    thread: Option<JoinHandle<()>>,
    room: Arc<Room>,
}

impl SqliteStore {
    /// Opens the log at `path` for writing; makes it if there is none.
    ///
    /// # Errors
    /// [`OpenError`]: it is locked by another writer, damaged, of something else or of a newer version.
    pub fn open(path: impl AsRef<Path>) -> Result<Self, OpenError> {
        Self::open_with(path, OpenOptions::default())
    }

    /// Opens the log at `path` with other options than the default ones.
    ///
    /// # Errors
    /// As [`SqliteStore::open`].
    pub fn open_with(path: impl AsRef<Path>, options: OpenOptions) -> Result<Self, OpenError> {
        Self::open_under(WriterLock::take(path.as_ref())?, options)
    }

    /// Opens the log that `lock` is of, for writing; makes it if there is none.
    ///
    /// # Errors
    /// As [`SqliteStore::open`].
    pub fn open_under(lock: WriterLock, options: OpenOptions) -> Result<Self, OpenError> {
        let path = &lock.log().to_owned();
        let connection = file::open_for_writing(path)?;
        let refused = |error: rusqlite::Error| file::refused(path, "reading its end", &error);
        let (head, known_head) = watch::channel(query::head(&connection).map_err(refused)?);
        let pool = Pool::new(path.to_owned(), options.readers, connection::reading(path).map_err(refused)?);
        let (queue, commands) = mpsc::channel(options.queue.max(1));
        let place = Place::of(path).map_err(|error| file::failed(path, "looking for it", &error))?;
        let ends = Ends::default();
        let writer =
            Writer { connection, lock, place, ends, queue: commands, head, on_fatal: options.on_fatal };
        let thread = thread::Builder::new()
            .name("event-log".to_owned())
            .spawn(move || writer.run())
            .map_err(|error| OpenError::Failed {
                path: path.to_owned(),
                doing: "starting its writer",
                reason: error.to_string(),
            })?;
        let room = Arc::new(Room::beside(path));
        Ok(Self { queue: Some(queue), head: known_head, pool, thread: Some(thread), room })
    }
}

impl Drop for SqliteStore {
    fn drop(&mut self) {
        // Before the writer's connection, which must be the last one: then SQLite copies and removes the
        // write-ahead log.
        self.pool.close_idle();
        self.queue = None;
        if let Some(thread) = self.thread.take() {
            // The thread catches its panics itself.
            let _ = thread.join();
        }
    }
}

/// The checkpoint at an offset of the only partition.
pub(crate) fn checkpoint_at(offset: u64) -> Checkpoint {
    match offset {
        0 => Checkpoint::start(),
        offset => Checkpoint::at(Position::new(Partition::ONLY, offset)),
    }
}

#[async_trait]
impl Reader for SqliteStore {
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
        if *self.head.borrow() <= after {
            return Ok(Vec::new());
        }
        self.pool.run(move |connection| query::read(connection, after, limit)).await
    }

    async fn head(&self, _company: CompanyId) -> Result<Checkpoint, ReadError> {
        Ok(checkpoint_at(*self.head.borrow()))
    }

    async fn wait_beyond(&self, seen: &Checkpoint) -> Result<(), ReadError> {
        let seen = seen.offset(Partition::ONLY);
        let moved = self.head.clone().wait_for(|head| *head > seen).await.map(drop);
        moved.map_err(|_| ReadError::Unavailable { reason: ENDED.to_owned() })
    }
}

#[async_trait]
impl WriterPort for SqliteStore {
    async fn append(&self, token: AppendToken, events: Vec<NewEvent>) -> Result<Appended, AppendError> {
        let ended = || AppendError::Unavailable { reason: ENDED.to_owned() };
        let events = prepare(&token, query::not_before(&token), events)?;
        let (answer, answered) = oneshot::channel();
        let queue = self.queue.as_ref().ok_or_else(ended)?;
        queue.send(Command { token, events, answer }).await.map_err(|_| ended())?;
        let answer = answered.await.map_err(|_| ended())?;
        self.room.hear(&answer);
        answer
    }

    async fn takes_appends(&self) -> Result<(), AppendError> {
        let room = self.room.clone();
        let looked = tokio::task::spawn_blocking(move || room.check()).await;
        looked.unwrap_or_else(|error| Err(AppendError::Unavailable { reason: error.to_string() }))
    }
}

/// What callers hear after storage failed.
const ENDED: &str = "the writer has ended";

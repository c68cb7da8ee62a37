//! The in-memory store.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use tokio::sync::watch;
use twostep_domain::CompanyId;

use crate::{
    AppendError, AppendToken, Appended, Checkpoint, Loaded, NewEvent, Partition, Position, PreparedEvent,
    ReadError, Reader, RecordedEvent, Revision, StreamId, Writer, prepare,
};

/// A store in memory: for tests, and as the plainest statement of what the port means.
///
/// What it "makes durable" is gone with it.
#[derive(Debug)]
pub struct MemoryStore {
    log: Mutex<Log>,
    head: watch::Sender<u64>,
}

/// Every event in the order of its position, and where each stream's are.
#[derive(Debug, Default)]
struct Log {
    events: Vec<RecordedEvent>,
    streams: HashMap<StreamId, Vec<usize>>,
}

impl Default for MemoryStore {
    fn default() -> Self {
        Self::new()
    }
}

impl MemoryStore {
    /// An empty store.
    #[must_use]
    pub fn new() -> Self {
        Self { log: Mutex::default(), head: watch::Sender::new(0) }
    }

    /// No code panics while it holds the lock with the log half changed, so a poisoned lock holds a whole log.
    fn log(&self) -> MutexGuard<'_, Log> {
        self.log.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Log {
    fn of_stream<'log>(
        &'log self,
        stream: &StreamId,
    ) -> impl DoubleEndedIterator<Item = &'log RecordedEvent> {
        self.streams.get(stream).into_iter().flatten().filter_map(|index| self.events.get(*index))
    }

    fn last(&self, stream: &StreamId) -> Option<&RecordedEvent> {
        self.of_stream(stream).next_back()
    }

    /// What a repeated append did the first time: its ids stand at its revisions.
    fn repeated(&self, token: &AppendToken, events: &[NewEvent]) -> Option<Appended> {
        let first = usize::try_from(token.next().0).ok()?;
        let mut stored = self.of_stream(token.stream()).skip(first);
        let mut last = None;
        for event in events {
            last = Some(stored.next().filter(|stored| stored.envelope.id == event.id)?);
        }
        last.map(|last| Appended { revision: last.envelope.revision, position: last.position })
    }

    fn push(&mut self, stream: &StreamId, event: PreparedEvent) -> Position {
        let index = self.events.len();
        let position = Position::new(Partition::ONLY, index as u64 + 1);
        let PreparedEvent { envelope, envelope_bytes, data } = event;
        self.streams.entry(stream.clone()).or_default().push(index);
        self.events.push(RecordedEvent { envelope, envelope_bytes, data, position });
        position
    }
}

#[async_trait]
impl Reader for MemoryStore {
    async fn load(&self, stream: &StreamId, after: Option<Revision>) -> Result<Loaded, ReadError> {
        let log = self.log();
        let last = log.last(stream).map(|event| event.envelope.revision);
        let tail = log.of_stream(stream).filter(|event| Some(event.envelope.revision) > after);
        Ok(Loaded { events: tail.cloned().collect(), token: AppendToken::new(stream.clone(), last, 0) })
    }

    async fn event(&self, stream: &StreamId, revision: Revision) -> Result<Option<RecordedEvent>, ReadError> {
        Ok(self.log().of_stream(stream).find(|event| event.envelope.revision == revision).cloned())
    }

    async fn read(&self, after: &Checkpoint, limit: usize) -> Result<Vec<RecordedEvent>, ReadError> {
        let seen = usize::try_from(after.offset(Partition::ONLY)).unwrap_or(usize::MAX);
        Ok(self.log().events.iter().skip(seen).take(limit).cloned().collect())
    }

    async fn head(&self, _company: CompanyId) -> Result<Checkpoint, ReadError> {
        let head = *self.head.borrow();
        Ok(if head == 0 { Checkpoint::start() } else { Checkpoint::at(Position::new(Partition::ONLY, head)) })
    }

    async fn wait_beyond(&self, seen: &Checkpoint) -> Result<(), ReadError> {
        let seen = seen.offset(Partition::ONLY);
        let mut head = self.head.subscribe();
        head.wait_for(|head| *head > seen)
            .await
            .map_err(|_| ReadError::Unavailable { reason: "the store is closed".to_owned() })?;
        Ok(())
    }
}

#[async_trait]
impl Writer for MemoryStore {
    async fn append(&self, token: AppendToken, events: Vec<NewEvent>) -> Result<Appended, AppendError> {
        let mut log = self.log();
        let last = log.last(token.stream());
        let current = last.map(|event| event.envelope.revision);
        if current != token.last() {
            return log.repeated(&token, &events).ok_or(AppendError::Conflict { current });
        }
        let not_before = last.map(|event| event.envelope.recorded_at);
        let mut appended = None;
        for event in prepare(&token, not_before, events)? {
            let revision = event.envelope.revision;
            appended = Some(Appended { revision, position: log.push(token.stream(), event) });
        }
        self.head.send_replace(log.events.len() as u64);
        appended.ok_or_else(|| AppendError::Unavailable { reason: "nothing was appended".to_owned() })
    }
}

//! The port's suite on the real file.

use std::sync::Arc;

use async_trait::async_trait;
use tempfile::TempDir;
use twostep_domain::CompanyId;
use twostep_event_store::{
    AppendError, AppendToken, Appended, Checkpoint, Loaded, NewEvent, ReadError, Reader, RecordedEvent,
    Revision, Store, StreamId, Writer, conformance,
};
use twostep_event_store_sqlite::{SqliteReader, SqliteStore};

use crate::given::place;

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn the_store_keeps_the_ports_promises() {
    conformance::all(|| async { Arc::new(Watched::by_the_writer()) as Arc<dyn Store> }).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_reader_beside_the_writer_keeps_the_ports_promises() {
    conformance::all(|| async { Arc::new(Watched::by_a_reader()) as Arc<dyn Store> }).await;
}

/// A store that is written by its writer and read by somebody.
struct Watched {
    reader: Arc<dyn Reader>,
    writer: Arc<SqliteStore>,
    _directory: TempDir,
}

impl Watched {
    fn by_the_writer() -> Self {
        let (directory, path) = place();
        let writer = Arc::new(SqliteStore::open(path).expect("a new log opens"));
        let reader: Arc<dyn Reader> = Arc::<SqliteStore>::clone(&writer);
        Self { reader, writer, _directory: directory }
    }

    fn by_a_reader() -> Self {
        let (directory, path) = place();
        let writer = Arc::new(SqliteStore::open(&path).expect("a new log opens"));
        let reader = Arc::new(SqliteReader::open(&path).expect("an open log can be read"));
        Self { reader, writer, _directory: directory }
    }
}

#[async_trait]
impl Reader for Watched {
    async fn load(&self, stream: &StreamId, after: Option<Revision>) -> Result<Loaded, ReadError> {
        self.reader.load(stream, after).await
    }

    async fn event(&self, stream: &StreamId, revision: Revision) -> Result<Option<RecordedEvent>, ReadError> {
        self.reader.event(stream, revision).await
    }

    async fn read(&self, after: &Checkpoint, limit: usize) -> Result<Vec<RecordedEvent>, ReadError> {
        self.reader.read(after, limit).await
    }

    async fn head(&self, company: CompanyId) -> Result<Checkpoint, ReadError> {
        self.reader.head(company).await
    }

    async fn wait_beyond(&self, seen: &Checkpoint) -> Result<(), ReadError> {
        self.reader.wait_beyond(seen).await
    }
}

#[async_trait]
impl Writer for Watched {
    async fn append(&self, token: AppendToken, events: Vec<NewEvent>) -> Result<Appended, AppendError> {
        self.writer.append(token, events).await
    }
}

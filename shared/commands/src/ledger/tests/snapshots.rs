//! A long history costs its next reader the tail only, and a snapshot is never believed more than the log.

use std::sync::Mutex;

use async_trait::async_trait;
use twostep_event_store::{AppendError, Appended, Loaded, ReadError, Reader, RecordedEvent, Writer};
use twostep_vault::{Existing, MasterKey, MemoryKeyStore, Vault};

use super::*;

/// So many commands that a snapshot was taken on the way.
const LONG: usize = 620;

/// A log that remembers after which revisions it was asked for.
struct Watched {
    log: Arc<MemoryStore>,
    asked: Mutex<Vec<Option<Revision>>>,
}

#[async_trait]
impl Reader for Watched {
    async fn load(&self, stream: &StreamId, after: Option<Revision>) -> Result<Loaded, ReadError> {
        self.asked.lock().unwrap().push(after);
        self.log.load(stream, after).await
    }

    async fn event(&self, stream: &StreamId, revision: Revision) -> Result<Option<RecordedEvent>, ReadError> {
        self.log.event(stream, revision).await
    }

    async fn read(&self, after: &Checkpoint, limit: usize) -> Result<Vec<RecordedEvent>, ReadError> {
        self.log.read(after, limit).await
    }

    async fn head(&self, company: CompanyId) -> Result<Checkpoint, ReadError> {
        self.log.head(company).await
    }

    async fn wait_beyond(&self, seen: &Checkpoint) -> Result<(), ReadError> {
        self.log.wait_beyond(seen).await
    }
}

#[async_trait]
impl Writer for Watched {
    async fn append(&self, token: AppendToken, events: Vec<NewEvent>) -> Result<Appended, AppendError> {
        self.log.append(token, events).await
    }
}

pub(super) struct Kept {
    pub(super) given: Given,
    vault: Arc<Vault>,
    directory: tempfile::TempDir,
}

impl Kept {
    pub(super) fn new() -> Self {
        let vault = Vault::open(MemoryKeyStore::default(), MasterKey::draw(), Existing::Nothing).unwrap();
        Self { given: Given::new(), vault: Arc::new(vault), directory: tempfile::tempdir().unwrap() }
    }

    fn path(&self) -> std::path::PathBuf {
        self.directory.path().join("snapshots.db")
    }

    /// The table on disk.
    pub(super) fn snapshots(&self) -> Arc<Snapshots> {
        Arc::new(Snapshots::open(&self.path(), self.vault.clone()).unwrap())
    }

    /// A process just started: nothing in memory, the table on disk.
    fn ledger_over(&self, store: Arc<dyn Store>) -> Ledger {
        Ledger::new(store, self.given.clock.clone()).with_snapshots(self.snapshots())
    }

    pub(super) fn ledger(&self) -> Ledger {
        self.ledger_over(self.given.store.clone())
    }

    /// After which revisions a process just started asks the log for `stream`, and what it finds.
    async fn restarted(&self, stream: &StreamId) -> (Vec<Option<Revision>>, LoginState) {
        let watched = Arc::new(Watched { log: self.given.store.clone(), asked: Mutex::default() });
        let state = *self.ledger_over(watched.clone()).load::<Login>(stream).await.unwrap().state();
        let asked = watched.asked.lock().unwrap().clone();
        (asked, state)
    }
}

/// A person's stream; any aggregate's events will do in it.
fn persons(number: u128) -> StreamId {
    StreamId::new(CompanyId(Uuid::from_u128(1)), StreamKind::Member, Uuid::from_u128(number))
}

async fn grow(ledger: &Ledger, stream: &StreamId, commands: usize) {
    for command in (0..commands).map(|number| if number % 2 == 0 { claim(1) } else { release(1) }) {
        let decided = |fold: &Fold<Login>| Login::decide(fold.state(), command.clone());
        ledger.execute::<Login, LoginError>(stream, &metadata(), decided).await.unwrap();
    }
}

#[tokio::test]
async fn a_long_stream_is_read_from_its_snapshot_on() {
    let kept = Kept::new();
    grow(&kept.ledger(), &persons(1), LONG + 1).await;
    let (asked, state) = kept.restarted(&persons(1)).await;
    assert_eq!(asked.len(), 1);
    assert!(asked[0].is_some_and(|after| after.0 >= 498), "{asked:?}");
    assert_eq!(state, LoginState::Held(member(1)));
}

#[tokio::test]
async fn a_short_stream_has_no_snapshot() {
    let kept = Kept::new();
    grow(&kept.ledger(), &persons(1), 20).await;
    assert_eq!(kept.restarted(&persons(1)).await.0, [None]);
}

#[tokio::test]
async fn what_a_request_was_answered_survives_in_the_snapshot() {
    let kept = Kept::new();
    let ledger = kept.ledger();
    let claimed = |fold: &Fold<Login>| Login::decide(fold.state(), claim(1));
    ledger.execute::<Login, LoginError>(&persons(1), &once(1, 1), claimed).await.unwrap();
    grow(&ledger, &persons(1), LONG).await;
    assert!(kept.ledger().has_answered::<Login>(&persons(1), &once(1, 1)).await.unwrap());
}

#[tokio::test]
async fn a_snapshot_of_another_history_is_not_believed() {
    let kept = Kept::new();
    grow(&kept.ledger(), &persons(1), LONG).await;
    let other = Kept { given: Given::new(), ..kept };
    assert_eq!(other.restarted(&persons(1)).await.1, LoginState::Free, "the log is empty");
    grow(&other.given.ledger(), &persons(1), LONG + 1).await;
    assert_eq!(other.restarted(&persons(1)).await.1, LoginState::Held(member(1)));
}

#[tokio::test]
async fn a_snapshot_dies_with_its_persons_keys() {
    let kept = Kept::new();
    grow(&kept.ledger(), &persons(1), LONG).await;
    kept.vault.erase(persons(1).company, member(1)).unwrap();
    assert_eq!(kept.restarted(&persons(1)).await.0, [None]);
}

#[tokio::test]
async fn the_snapshot_of_another_stream_of_the_same_person_is_not_believed() {
    let kept = Kept::new();
    let other = StreamId { kind: StreamKind::SecondStep, ..persons(1) };
    grow(&kept.ledger(), &persons(1), LONG).await;
    grow(&kept.ledger(), &other, LONG + 1).await;
    let table = rusqlite::Connection::open(kept.path()).unwrap();
    let exchanged = table.execute(
        "UPDATE snapshots SET sealed = (SELECT sealed FROM snapshots WHERE stream = ?1) WHERE stream = ?2",
        [persons(1).to_string(), other.to_string()],
    );
    assert_eq!(exchanged.unwrap(), 1);
    assert_eq!(kept.restarted(&other).await.1, LoginState::Held(member(1)));
}

#[tokio::test]
async fn a_table_that_is_none_is_made_anew() {
    let kept = Kept::new();
    std::fs::write(kept.path(), b"no database, however long it may be").unwrap();
    grow(&kept.ledger(), &persons(1), LONG).await;
    assert_ne!(kept.restarted(&persons(1)).await.0, [None]);
}

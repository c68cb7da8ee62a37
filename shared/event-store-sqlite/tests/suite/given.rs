//! What the tests are made of.

use std::path::PathBuf;

use tempfile::TempDir;
use twostep_domain::{CompanyId, EventId, StreamKind, Time};
use twostep_event_store::{Actor, Metadata, NewEvent, StreamId, StreamKey};
use uuid::Uuid;

/// A directory of its own and the log's path in it.
pub(crate) fn place() -> (TempDir, PathBuf) {
    let directory = tempfile::tempdir().expect("a temporary directory");
    let path = directory.path().join("log.db");
    (directory, path)
}

/// The stream with this number; the same in every process.
pub(crate) fn stream(number: usize) -> StreamId {
    let key = StreamKey::try_from(format!("stream-{number}")).expect("a key");
    StreamId::new(CompanyId(Uuid::from_u128(7)), StreamKind::Member, key)
}

/// An event of a size that is usual.
pub(crate) fn event() -> NewEvent {
    NewEvent {
        id: EventId(Uuid::now_v7()),
        event_type: "SomethingHappened".to_owned(),
        version: 1,
        data: format!("{{\"text\":\"{}\"}}", "x".repeat(280)).into_bytes(),
        metadata: Metadata {
            actor: Actor::Operator,
            origin: None,
            correlation: Uuid::now_v7(),
            causation: None,
            idempotency: None,
        },
        recorded_at: Time::from_timestamp_nanos(1_795_521_600_000_000_000),
    }
}

/// So many of them.
pub(crate) fn events(count: usize) -> Vec<NewEvent> {
    (0..count).map(|_| event()).collect()
}

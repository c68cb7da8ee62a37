//! What the cases are made of.

use std::sync::Arc;

use twostep_domain::{CompanyId, EventId, StreamKind, Time};
use uuid::Uuid;

use crate::{
    Actor, AppendError, AppendToken, Appended, Checkpoint, Loaded, Metadata, NewEvent, RecordedEvent,
    Revision, Store, StreamId,
};

/// The time of events whose time doesn't matter.
pub(super) const NOON: Time = Time::from_timestamp_nanos(1_795_521_600_123_456_789);

/// A company that no store has seen.
pub(super) fn company() -> CompanyId {
    CompanyId(Uuid::now_v7())
}

/// A stream that no store has seen.
pub(super) fn stream(company: CompanyId) -> StreamId {
    StreamId::new(company, StreamKind::SecondStep, Uuid::now_v7())
}

/// An event with an id of its own.
pub(super) fn event() -> NewEvent {
    NewEvent {
        id: EventId(Uuid::now_v7()),
        event_type: "SomethingHappened".to_owned(),
        version: 1,
        data: b"{}".to_vec(),
        metadata: Metadata {
            actor: Actor::system("conformance"),
            origin: None,
            correlation: Uuid::nil(),
            causation: None,
            idempotency: None,
        },
        recorded_at: NOON,
    }
}

/// So many of them.
pub(super) fn events(count: usize) -> Vec<NewEvent> {
    (0..count).map(|_| event()).collect()
}

/// The whole stream.
pub(super) async fn load(store: &Arc<dyn Store>, stream: &StreamId) -> Loaded {
    store.load(stream, None).await.expect("a stream loads")
}

/// The right to append at the end of the stream.
pub(super) async fn token(store: &Arc<dyn Store>, stream: &StreamId) -> AppendToken {
    load(store, stream).await.token
}

/// Appends at the end of a stream that nobody else writes.
pub(super) async fn append(store: &Arc<dyn Store>, stream: &StreamId, events: Vec<NewEvent>) -> Appended {
    let token = token(store, stream).await;
    store.append(token, events).await.expect("an append after the end of the stream succeeds")
}

/// Checks that an append was a conflict, and says with which revision.
#[track_caller]
pub(super) fn conflict(answer: Result<Appended, AppendError>) -> Option<Revision> {
    match answer {
        Err(AppendError::Conflict { current }) => current,
        other => panic!("this is a conflict, not {other:?}"),
    }
}

/// The company's events in the log after `after`, in pages of `page`.
pub(super) async fn read_all(
    store: &Arc<dyn Store>,
    company: CompanyId,
    after: Checkpoint,
    page: usize,
) -> Vec<RecordedEvent> {
    let mut checkpoint = after;
    let mut all = Vec::new();
    loop {
        let events = store.read(&checkpoint, page).await.expect("the log reads");
        assert!(events.len() <= page, "a page has at most as many events as were asked for");
        if events.is_empty() {
            return all;
        }
        for event in events {
            checkpoint.advance(event.position);
            if event.envelope.company == company {
                all.push(event);
            }
        }
    }
}

/// The ids of events as they are to be appended.
pub(super) fn new_ids(events: &[NewEvent]) -> Vec<EventId> {
    events.iter().map(|event| event.id).collect()
}

/// The ids of events as they are recorded.
pub(super) fn ids(events: &[RecordedEvent]) -> Vec<EventId> {
    events.iter().map(|event| event.envelope.id).collect()
}

/// Checks that the positions increase.
#[track_caller]
pub(super) fn assert_ordered(events: &[RecordedEvent]) {
    for pair in events.windows(2) {
        let (earlier, later) = (pair[0].position, pair[1].position);
        assert!(earlier < later, "positions increase: {earlier:?} stands before {later:?}");
    }
}

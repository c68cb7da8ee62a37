//! Many write and read at once.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use tokio::task::JoinSet;
use twostep_domain::EventId;

use super::following::reader;
use super::given::{
    append, assert_ordered, company, conflict, events, ids, load, new_ids, read_all, stream, token,
};
use crate::{
    AppendError, Appended, Checkpoint, Position, RecordedEvent, Revision, Store, StreamId, Subscription,
};

const WRITERS: usize = 64;

/// Appends of one writer in the longest case.
const APPENDS: usize = 6;

/// Of many appends to one empty stream, one wins and the others hear of it.
pub async fn one_of_many_first_appends_wins(store: Arc<dyn Store>) {
    let stream = stream(company());
    let token = token(&store, &stream).await;
    let mut racers = JoinSet::new();
    for _ in 0..WRITERS {
        let (store, token) = (Arc::clone(&store), token.clone());
        racers.spawn(async move {
            let events = events(2);
            (new_ids(&events), store.append(token, events).await)
        });
    }
    let (won, lost): (Vec<_>, Vec<_>) =
        racers.join_all().await.into_iter().partition(|(_, answer)| answer.is_ok());
    assert_eq!((won.len(), lost.len()), (1, WRITERS - 1));
    for (_, answer) in lost {
        assert_eq!(conflict(answer), Some(Revision(1)));
    }
    assert_eq!(Some(ids(&load(&store, &stream).await.events)), won.into_iter().next().map(|(ids, _)| ids));
}

/// Whoever got an answer finds it covered by the head.
pub async fn the_head_covers_every_acknowledged_append(store: Arc<dyn Store>) {
    let company = company();
    let mut writers = JoinSet::new();
    for _ in 0..WRITERS {
        let store = Arc::clone(&store);
        writers.spawn(async move {
            let stream = stream(company);
            for _ in 0..APPENDS {
                let appended = append(&store, &stream, events(1)).await;
                let head = store.head(company).await.expect("the log has a head");
                assert!(head.covers(&Checkpoint::at(appended.position)), "{head:?} covers {appended:?}");
            }
        });
    }
    writers.join_all().await;
}

/// While many write to the same streams, whoever follows the log sees every event once and in order,
/// from the start and from any position.
pub async fn no_reader_skips_or_repeats_while_many_write(store: Arc<dyn Store>) {
    let company = company();
    let streams: Arc<[StreamId]> = (0..8).map(|_| stream(company)).collect();
    let (started, mut readers) = tokio::sync::mpsc::unbounded_channel();
    let end = events(1);
    let last = end[0].id;
    let follow_from = |from: Option<Position>| {
        let start = from.map_or_else(Checkpoint::start, Checkpoint::at);
        let subscription = Subscription::new(reader(&store), start);
        let follower = tokio::spawn(follow_until(subscription, last));
        started.send((from, follower)).expect("the readers are waited for");
    };

    (0..4).for_each(|_| follow_from(None));
    let (acknowledge, mut acknowledged) = tokio::sync::mpsc::unbounded_channel();
    for writer in 0..WRITERS {
        tokio::spawn(write(Arc::clone(&store), Arc::clone(&streams), writer, acknowledge.clone()));
    }
    drop(acknowledge);
    let mut written = BTreeSet::new();
    let mut answers = 0;
    while let Some((ids, appended)) = acknowledged.recv().await {
        written.extend(ids);
        answers += 1;
        if answers % 24 == 0 {
            follow_from(Some(appended.position));
        }
    }
    assert_eq!(answers, WRITERS * APPENDS, "every writer got every answer");
    append(&store, &stream(company), end).await;
    drop(started);

    let mut log = read_all(&store, company, Checkpoint::start(), 100).await;
    assert_ordered(&log);
    assert_eq!(log.pop().map(|event| event.envelope.id), Some(last));
    assert_eq!(log.iter().map(|event| event.envelope.id).collect::<BTreeSet<_>>(), written);
    assert_eq!(log.len(), written.len(), "no event is in the log twice");
    assert_dense(&log);
    while let Some((from, follower)) = readers.recv().await {
        let mut followed: Vec<RecordedEvent> = follower.await.expect("a reader reads to the end");
        followed.retain(|event| event.envelope.company == company && event.envelope.id != last);
        assert_ordered(&followed);
        let after = log.iter().filter(|event| from.is_none_or(|from| event.position > from));
        assert_eq!(ids(&followed), after.map(|event| event.envelope.id).collect::<Vec<_>>(), "from {from:?}");
    }
}

/// Appends to one stream after the other, again after each conflict.
async fn write(
    store: Arc<dyn Store>,
    streams: Arc<[StreamId]>,
    writer: usize,
    acknowledge: tokio::sync::mpsc::UnboundedSender<(Vec<EventId>, Appended)>,
) {
    for turn in 0..APPENDS {
        let stream = &streams[(writer + turn * 5) % streams.len()];
        let events = events(1 + (writer + turn) % 3);
        let ids = new_ids(&events);
        let appended = loop {
            match store.append(token(&store, stream).await, events.clone()).await {
                Ok(appended) => break appended,
                Err(AppendError::Conflict { .. }) => {}
                Err(other) => panic!("an append succeeds or conflicts: {other}"),
            }
        };
        acknowledge.send((ids, appended)).expect("the answers are counted");
    }
}

async fn follow_until(mut subscription: Subscription, last: EventId) -> Vec<RecordedEvent> {
    let mut followed: Vec<RecordedEvent> = Vec::new();
    while followed.iter().all(|event| event.envelope.id != last) {
        followed.extend(subscription.next().await.expect("the log reads"));
    }
    followed
}

/// In the order of the log, each stream's revisions are 0, 1, 2, ….
fn assert_dense(log: &[RecordedEvent]) {
    let mut next: BTreeMap<StreamId, u64> = BTreeMap::new();
    for event in log {
        let expected = next.entry(event.stream()).or_default();
        assert_eq!(event.envelope.revision, Revision(*expected), "{}", event.stream());
        *expected += 1;
    }
}

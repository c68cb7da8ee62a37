//! One caller appends.

use std::sync::Arc;

use super::given::{append, company, conflict, event, events, ids, load, new_ids, stream, token};
use crate::{Checkpoint, Revision, Store};

/// Revisions are 0, 1, 2, …; an answer names the revision and the position of its last event.
pub async fn revisions_are_exact(store: Arc<dyn Store>) {
    let stream = stream(company());
    let mut expected = Vec::new();
    let mut last = None;
    for count in [1, 3, 1] {
        let events = events(count);
        expected.extend(new_ids(&events));
        let appended = append(&store, &stream, events).await;
        assert_eq!(appended.revision, Revision(expected.len() as u64 - 1));
        last = Some(appended);
    }
    let loaded = load(&store, &stream).await;
    assert_eq!(ids(&loaded.events), expected);
    let revisions: Vec<u64> = loaded.events.iter().map(|event| event.envelope.revision.0).collect();
    assert_eq!(revisions, [0, 1, 2, 3, 4]);
    assert_eq!(loaded.events.last().map(|event| event.position), last.map(|last| last.position));
    super::given::assert_ordered(&loaded.events);
}

/// A token is good for the state that it was given for; a conflict says how far the stream is and appends nothing.
pub async fn a_stale_token_conflicts(store: Arc<dyn Store>) {
    let stream = stream(company());
    let empty = token(&store, &stream).await;
    append(&store, &stream, events(1)).await;
    let at_0 = token(&store, &stream).await;
    append(&store, &stream, events(2)).await;
    let before = load(&store, &stream).await;
    let head = store.head(stream.company).await.expect("the log has a head");

    assert_eq!(conflict(store.append(empty, events(1)).await), Some(Revision(2)));
    assert_eq!(conflict(store.append(at_0.clone(), events(1)).await), Some(Revision(2)));
    assert_eq!(conflict(store.append(at_0, events(5)).await), Some(Revision(2)));

    assert_eq!(ids(&load(&store, &stream).await.events), ids(&before.events), "a conflict appends nothing");
    assert!(head.covers(&store.head(stream.company).await.expect("the log has a head")));
}

/// An append may be repeated, at once and after others came: it says what it said, and appends nothing.
pub async fn the_same_ids_at_the_same_revisions_succeed(store: Arc<dyn Store>) {
    let stream = stream(company());
    append(&store, &stream, events(1)).await;
    let at = token(&store, &stream).await;
    let twice = events(3);
    let first = store.append(at.clone(), twice.clone()).await.expect("the first time it is appended");
    let again = store.append(at.clone(), twice.clone()).await.expect("the second time it is there already");
    assert_eq!(again, first);

    append(&store, &stream, events(2)).await;
    let later = store.append(at.clone(), twice.clone()).await.expect("it is still there, further down");
    assert_eq!(later, first);
    let start = store.append(at, twice[..2].to_vec()).await.expect("its first two are there as well");
    assert_eq!(start.revision, Revision(2));

    assert_eq!(load(&store, &stream).await.events.len(), 6, "a repeated append appends nothing");
    let logged = super::given::read_all(&store, stream.company, Checkpoint::start(), 100).await;
    assert_eq!(logged.len(), 6);
}

/// One other id, another order or one event more is another append.
pub async fn other_ids_at_the_same_revisions_conflict(store: Arc<dyn Store>) {
    let stream = stream(company());
    let empty = token(&store, &stream).await;
    let stored = events(2);
    store.append(empty.clone(), stored.clone()).await.expect("an append to an empty stream succeeds");
    let [first, second] = [stored[0].clone(), stored[1].clone()];

    let other_end = vec![first.clone(), event()];
    assert_eq!(conflict(store.append(empty.clone(), other_end).await), Some(Revision(1)));
    let other_order = vec![second.clone(), first.clone()];
    assert_eq!(conflict(store.append(empty.clone(), other_order).await), Some(Revision(1)));
    let one_more = vec![first, second.clone(), event()];
    assert_eq!(conflict(store.append(empty.clone(), one_more).await), Some(Revision(1)));
    let other_place = vec![second];
    assert_eq!(conflict(store.append(empty, other_place).await), Some(Revision(1)));

    assert_eq!(ids(&load(&store, &stream).await.events), new_ids(&stored));
}

//! One stream is loaded.

use std::sync::Arc;

use twostep_domain::StreamKind;

use super::given::{append, company, events, ids, load, new_ids, stream};
use crate::{Revision, Store, StreamId};

/// A stream that doesn't exist is empty, and can be appended to.
pub async fn an_empty_stream_has_a_token(store: Arc<dyn Store>) {
    let stream = stream(company());
    for after in [None, Some(Revision(0)), Some(Revision(7))] {
        let loaded = store.load(&stream, after).await.expect("an empty stream loads");
        assert!(loaded.events.is_empty());
        assert_eq!(loaded.token.stream(), &stream);
        assert_eq!(loaded.token.last(), None);
        assert_eq!(loaded.token.next(), Revision(0));
    }
    assert_eq!(append(&store, &stream, events(1)).await.revision, Revision(0));
}

/// What comes after a revision, in order; the token is always the end's.
pub async fn loading_starts_after_a_revision(store: Arc<dyn Store>) {
    let stream = stream(company());
    let appended = events(4);
    append(&store, &stream, appended.clone()).await;
    let expected = new_ids(&appended);
    for after in 0..6 {
        let loaded = store.load(&stream, Some(Revision(after))).await.expect("a tail loads");
        let skipped = expected.len().min(after as usize + 1);
        assert_eq!(ids(&loaded.events), expected[skipped..], "after revision {after}");
        assert_eq!(loaded.token.last(), Some(Revision(3)));
    }
    let beyond = store.load(&stream, Some(Revision(u64::MAX))).await.expect("a tail beyond the end loads");
    assert!(beyond.events.is_empty());
    let next = store.append(beyond.token, events(1)).await.expect("the token of an empty tail is good");
    assert_eq!(next.revision, Revision(4));
}

/// One event is found by its stream and revision, and none where there is none.
pub async fn an_event_is_found_by_its_revision(store: Arc<dyn Store>) {
    let (here, there) = (stream(company()), stream(company()));
    let appended = events(3);
    append(&store, &here, appended.clone()).await;
    for (revision, id) in (0..).zip(new_ids(&appended)) {
        let found = store.event(&here, Revision(revision)).await.expect("an event loads");
        assert_eq!(
            found.map(|event| (event.envelope.revision, event.envelope.id)),
            Some((Revision(revision), id))
        );
    }
    for (stream, revision) in [(&here, 3), (&here, u64::MAX), (&there, 0)] {
        let found = store.event(stream, Revision(revision)).await.expect("nothing loads");
        assert!(found.is_none(), "{stream} has an event at {revision}");
    }
}

/// The same key in two companies, or of two kinds, is two streams.
pub async fn companies_and_kinds_keep_their_streams_apart(store: Arc<dyn Store>) {
    let (here, there) = (company(), company());
    let one = stream(here);
    let streams = [
        StreamId { company: there, ..one.clone() },
        StreamId { kind: StreamKind::Member, ..one.clone() },
        one,
    ];
    let mut expected = Vec::new();
    for (count, stream) in (1..).zip(&streams) {
        let events = events(count);
        expected.push(new_ids(&events));
        let appended = append(&store, stream, events).await;
        assert_eq!(appended.revision, Revision(count as u64 - 1), "{stream} starts at 0");
    }
    for (stream, expected) in streams.iter().zip(&expected) {
        let loaded = load(&store, stream).await;
        assert_eq!(ids(&loaded.events), *expected);
        assert!(loaded.events.iter().all(|event| event.stream() == *stream));
    }
    let theirs = super::given::read_all(&store, there, crate::Checkpoint::start(), 2).await;
    assert_eq!(ids(&theirs), expected[0]);
}

//! The log is read and followed.

use std::sync::Arc;

use futures::FutureExt as _;

use super::given::{append, assert_ordered, company, events, ids, new_ids, read_all, stream};
use crate::{Checkpoint, Position, Reader, RecordedEvent, Store, Subscription};

/// Pages of any size, put together, are the whole log in one order.
pub async fn reading_pages_through_the_whole_log(store: Arc<dyn Store>) {
    let company = company();
    let streams = [stream(company), stream(company), stream(company)];
    let mut expected = Vec::new();
    for turn in 0..12 {
        let events = events(1 + turn % 3);
        expected.extend(new_ids(&events));
        append(&store, &streams[turn % streams.len()], events).await;
    }
    for page in [1, 2, 7, 1000] {
        let all = read_all(&store, company, Checkpoint::start(), page).await;
        assert_ordered(&all);
        assert_eq!(ids(&all), expected, "in pages of {page}");
    }
}

/// A subscription from any position delivers everything after it, then waits, then delivers what comes.
pub async fn a_subscription_goes_from_any_position_to_live(store: Arc<dyn Store>) {
    let company = company();
    let stream = stream(company);
    for _ in 0..5 {
        append(&store, &stream, events(2)).await;
    }
    let old = read_all(&store, company, Checkpoint::start(), 100).await;
    let starts =
        std::iter::once(Checkpoint::start()).chain(old.iter().map(|event| Checkpoint::at(event.position)));
    let mut subscriptions: Vec<Subscription> =
        starts.map(|start| Subscription::new(reader(&store), start)).collect();
    let mut followed = vec![Vec::new(); subscriptions.len()];
    for round in 0..2 {
        let live = append(&store, &stream, events(1)).await;
        for (subscription, followed) in subscriptions.iter_mut().zip(&mut followed) {
            follow(subscription, live.position, followed).await;
        }
        let all = read_all(&store, company, Checkpoint::start(), 100).await;
        assert_eq!(all.len(), old.len() + 1 + round);
        for (start, followed) in followed.iter().enumerate() {
            let ours: Vec<RecordedEvent> =
                followed.iter().filter(|event| event.envelope.company == company).cloned().collect();
            assert_eq!(ids(&ours), ids(&all[start..]), "from after event {start}");
        }
    }
}

/// Waiting lasts until there is something new, and no longer.
pub async fn waiting_ends_with_the_next_event(store: Arc<dyn Store>) {
    let stream = stream(company());
    let first = append(&store, &stream, events(1)).await;
    store.wait_beyond(&Checkpoint::start()).await.expect("there is something after the start");

    let seen = store.head(stream.company).await.expect("the log has a head");
    assert!(seen.covers(&Checkpoint::at(first.position)));
    let mut waiting = store.wait_beyond(&seen);
    assert!((&mut waiting).now_or_never().is_none(), "there is nothing new yet");
    let next = append(&store, &stream, events(1)).await;
    waiting.await.expect("the next event ends the wait");
    let new = store.read(&seen, 10).await.expect("the log reads");
    assert_eq!(new.first().map(|event| event.position), Some(next.position));
}

/// A call to a subscription that is given up takes no event with it.
pub async fn a_cancelled_wait_loses_nothing(store: Arc<dyn Store>) {
    let stream = stream(company());
    let first = append(&store, &stream, events(1)).await;
    let mut subscription = Subscription::new(reader(&store), Checkpoint::start());
    let mut followed = Vec::new();
    follow(&mut subscription, first.position, &mut followed).await;
    for _ in 0..3 {
        assert!(subscription.next().now_or_never().is_none(), "there is nothing new yet");
        let live = append(&store, &stream, events(2)).await;
        let _ =
            subscription.next().now_or_never().map(|events| followed.extend(events.expect("the log reads")));
        follow(&mut subscription, live.position, &mut followed).await;
    }
    let all = read_all(&store, stream.company, Checkpoint::start(), 100).await;
    followed.retain(|event| event.envelope.company == stream.company);
    assert_eq!(ids(&followed), ids(&all));
}

/// The reading half.
pub(super) fn reader(store: &Arc<dyn Store>) -> Arc<dyn Reader> {
    let reader: Arc<dyn Reader> = Arc::<dyn Store>::clone(store);
    reader
}

/// Adds to `followed` what the subscription gives until it has given `until`.
async fn follow(subscription: &mut Subscription, until: Position, followed: &mut Vec<RecordedEvent>) {
    while !subscription.checkpoint().covers(&Checkpoint::at(until)) {
        let events = subscription.next().await.expect("the log reads");
        assert!(!events.is_empty(), "a subscription waits rather than give nothing");
        followed.extend(events);
    }
}

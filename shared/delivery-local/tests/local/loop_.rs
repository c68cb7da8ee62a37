//! The loop around the step.

use std::num::NonZeroUsize;
use std::sync::Arc;

use tokio_util::sync::CancellationToken;
use twostep_delivery::Reports as _;
use twostep_domain::delivery::MessageKind;

use crate::fixture::{Fixture, NextReport as _};

#[tokio::test]
async fn the_loop_works_on_several_at_a_time_and_stops_when_told() {
    // The first message hangs; the others don't wait for it.
    let fixture = Fixture::new([None]);
    for number in 0..20 {
        fixture.publish(&number.to_string(), MessageKind::Locked).await;
    }
    let stop = CancellationToken::new();
    let running = tokio::spawn(Arc::clone(&fixture.worker).run(NonZeroUsize::new(4).unwrap(), stop.clone()));
    for _ in 0..19 {
        fixture.queue.next().await.unwrap().acknowledge().await.unwrap();
    }
    assert_eq!(fixture.sent(), 20);
    tokio::time::pause();
    stop.cancel();
    running.await.unwrap();
    // The one that hung was given up: nobody knows.
    let outcome = fixture.queue.next_report().await.unwrap().outcome;
    assert!(matches!(outcome, twostep_delivery::Outcome::Unknown { .. }));
}

//! Waiting until everything is dealt with.

use std::time::Duration;

use twostep_domain::delivery::MessageKind;

use crate::fixture::{Fixture, retry};

async fn settled(fixture: &Fixture) -> bool {
    tokio::time::timeout(Duration::ZERO, fixture.queue.settle()).await.is_ok()
}

#[tokio::test]
async fn the_queue_settles_when_messages_and_reports_are_dealt_with() {
    let fixture = Fixture::new([Some(retry(None))]);
    assert!(settled(&fixture).await);
    fixture.publish("a", MessageKind::SignInCode).await;
    assert!(!settled(&fixture).await);
    fixture.step().await;
    fixture.report().await;
    assert!(settled(&fixture).await, "what waits for a later instant doesn't count");
    fixture.pass(1);
    assert!(!settled(&fixture).await);
    fixture.step().await;
    assert!(!settled(&fixture).await, "a report waits");
    fixture.report().await;
    assert!(settled(&fixture).await);
}

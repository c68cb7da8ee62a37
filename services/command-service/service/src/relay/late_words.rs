//! What workers say late, and what they say that can't be written down.

use chrono::TimeDelta;
use tokio::time::Instant;
use twostep_delivery::{Outcome, Report, Reporter as _, Reports as _, Step};
use twostep_domain::delivery::Channel;
use twostep_domain::{CompanyId, DeliveryId, StreamKind};
use twostep_event_store::{Checkpoint, Reader as _};
use uuid::Uuid;

use super::office::Office;
use crate::following::tests::append;

#[tokio::test]
async fn what_was_sent_before_a_late_restart_and_not_told_yet_is_not_expired() {
    let office = Office::open().await;
    office.invite(0..3).await;
    let mut before = office.relay();
    before.has_published(3).await;
    before.stop.finish().await.unwrap();
    assert_eq!(office.work("one", 3).await, [Step::Submitted; 3]);
    office.clock.advance(TimeDelta::hours(25));
    let mut late = office.relay();
    // What is older comes first.
    office.invite(3..4).await;
    late.has_published(1).await;
    let expected = [("DeliveryRequested".to_owned(), 4)];
    assert_eq!(office.written().await, expected.into());
    office.record().await;
    let expected = [("DeliveryRequested".to_owned(), 4), ("DeliverySubmitted".to_owned(), 3)];
    assert_eq!(office.written().await, expected.into());
    late.stop.finish().await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_word_that_can_not_be_written_down_keeps_no_other_waiting() {
    let office = Office::open().await;
    office.invite(0..1).await;
    let mut relay = office.relay();
    relay.has_published(1).await;
    assert_eq!(office.work("one", 1).await, [Step::Submitted]);
    let told = office.queue.next().await.unwrap();
    let right = told.report().clone();
    told.acknowledge().await.unwrap();
    let nobodys = DeliveryId::derived(right.id.0, "nobody asked for it");
    let newer = DeliveryId::derived(right.id.0, "written by a newer program");
    relay.stop.finish().await.unwrap();
    append(&office.log, StreamKind::Delivery, newer.0, "SomethingNewer").await;
    let wrong = [
        Report { id: nobodys, ..right.clone() },
        Report { channel: Channel::Sms, outcome: Outcome::Expired, ..right.clone() },
        Report { id: newer, company: CompanyId(Uuid::nil()), ..right.clone() },
    ];
    for report in wrong.iter().chain([&right]) {
        office.queue.report(report).await.unwrap();
    }
    let begun = Instant::now();
    office.record().await;
    assert_eq!(begun.elapsed(), std::time::Duration::ZERO, "the others waited");
    let last = office.log.read(&Checkpoint::start(), 10_000).await.unwrap().pop().unwrap();
    assert_eq!(last.envelope.event_type, "DeliverySubmitted");
    let metrics = office.metrics.render();
    assert!(metrics.contains("twostep_delivery_reports_dropped_total 2"), "{metrics}");
}

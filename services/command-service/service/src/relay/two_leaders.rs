//! Two relays that both believe they lead, over one log and one queue.

use twostep_delivery::{Reports as _, Step};

use super::office::Office;

const PEOPLE: usize = 20;

#[tokio::test]
async fn two_relays_that_both_lead_send_each_message_once() {
    let office = Office::open().await;
    office.invite(0..PEOPLE).await;
    let mut relays = [office.relay(), office.relay()];
    for relay in &mut relays {
        relay.has_published(PEOPLE).await;
    }
    assert_eq!(office.work("one", PEOPLE).await, [Step::Submitted; PEOPLE]);
    // A third begins before the log has heard what became of them.
    let mut late = office.relay();
    late.has_published(PEOPLE).await;
    // The broker loses what the worker said: whoever finds the messages decided says it again.
    for _ in 0..PEOPLE {
        office.queue.next().await.unwrap().acknowledge().await.unwrap();
    }
    assert_eq!(office.work("two", PEOPLE).await, [Step::Ended; PEOPLE]);
    office.record().await;
    office.invite(PEOPLE..PEOPLE + 1).await;
    for relay in &mut relays {
        relay.has_published(PEOPLE + 1).await;
    }
    late.has_published(PEOPLE + 1).await;
    office.work("one", 1).await;
    office.record().await;
    office.each_was_sent_once(PEOPLE + 1);
    let each = PEOPLE + 1;
    let expected = [("DeliveryRequested".to_owned(), each), ("DeliverySubmitted".to_owned(), each)];
    assert_eq!(office.written().await, expected.into());
    for relay in relays.iter().chain([&late]) {
        relay.stop.finish().await.unwrap();
    }
}

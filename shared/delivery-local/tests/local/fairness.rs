//! One company's flood and the others' codes.

use std::sync::Arc;
use std::time::Duration;

use chrono::TimeDelta;
use twostep_clock::MovedClock;
use twostep_delivery::{Consumer as _, Message, Publisher as _, Request};
use twostep_delivery_local::{Limits, LocalQueue, PATIENCE};
use twostep_domain::delivery::{Channel, MessageKind};
use twostep_domain::{CompanyId, DeliveryId, Time};
use uuid::Uuid;

use crate::fixture::Fixture;

struct Flooded {
    clock: Arc<MovedClock>,
    queue: LocalQueue,
}

impl Flooded {
    /// Ten codes of one company, then one of another, with so many hands for each.
    async fn new(share: usize) -> Self {
        let clock = Arc::new(MovedClock::frozen_at(Time::UNIX_EPOCH));
        let queue = LocalQueue::new(clock.clone(), Limits { share, ..Limits::default() });
        for number in 0..10 {
            queue.publish(&code("flood", number)).await.unwrap();
        }
        queue.publish(&code("other", 0)).await.unwrap();
        Self { clock, queue }
    }

    /// Whose message comes next; none: nobody's.
    async fn next(&self) -> Option<(CompanyId, Box<dyn Message>)> {
        let next = tokio::time::timeout(Duration::ZERO, self.queue.next(Channel::Email));
        let message = next.await.ok()?.unwrap();
        Some((Request::decode(message.bytes()).unwrap().company, message))
    }
}

fn company(name: &str) -> CompanyId {
    CompanyId::derived(Uuid::nil(), name)
}

fn code(of: &str, number: u32) -> Request {
    let request = Fixture::new([]).request("a", MessageKind::SignInCode);
    let id = DeliveryId::derived(Uuid::nil(), &format!("{of} {number}"));
    Request { id, company: company(of), challenge: None, ..request }
}

#[tokio::test]
async fn the_company_with_the_fewest_messages_in_hand_is_served_next() {
    let flooded = Flooded::new(7).await;
    let (first, _held) = flooded.next().await.unwrap();
    let (second, _held_too) = flooded.next().await.unwrap();
    assert_eq!((first, second), (company("flood"), company("other")));
}

#[tokio::test]
async fn a_company_gets_no_more_than_its_share_of_hands() {
    let flooded = Flooded::new(2).await;
    let mut held = Vec::new();
    while let Some(next) = flooded.next().await {
        held.push(next);
    }
    assert_eq!(held.iter().filter(|(of, _)| *of == company("flood")).count(), 2);
    assert_eq!(held.len(), 3);
    // A hand that is free again takes the next one.
    let (_, done) = held.remove(0);
    done.acknowledge().await.unwrap();
    assert_eq!(flooded.next().await.unwrap().0, company("flood"));
}

#[tokio::test]
async fn hands_that_are_gone_are_free_again() {
    let flooded = Flooded::new(1).await;
    let (_first, _second) = (flooded.next().await.unwrap(), flooded.next().await.unwrap());
    assert!(flooded.next().await.is_none());
    flooded.clock.advance(PATIENCE + TimeDelta::milliseconds(1));
    assert!(flooded.next().await.is_some());
}

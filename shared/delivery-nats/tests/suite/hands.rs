//! What workers have in hand: no more than they have hands free, and nothing that nobody works on.
//!
//! The server takes a silent worker for gone after half a minute here: what lay with a worker that can't work on it would
//! come too late for the test.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::timeout;
use twostep_clock::SystemClock;
use twostep_delivery::{Consumer, Message, Publisher as _, Request};
use twostep_delivery_nats::{Declaration, NatsQueue, Sizes, provision};
use twostep_domain::delivery::{Channel, MessageKind, Urgency};

use crate::requests::code;
use crate::server::Server;

const SOON: Duration = Duration::from_secs(10);

async fn provisioned() -> Server {
    let server = Server::start();
    provision(&server.connected("provision").await, &Declaration::of(&Sizes::default())).await.unwrap();
    server
}

async fn queue(server: &Server) -> NatsQueue {
    NatsQueue::new(server.connected("test").await, Arc::new(SystemClock), Sizes::default())
}

async fn next(queue: &NatsQueue) -> Box<dyn Message> {
    timeout(SOON, Consumer::next(queue, Channel::Email)).await.unwrap().unwrap()
}

fn notice(label: &str) -> Request {
    Request { kind: MessageKind::Locked, ..code(label) }
}

/// How many messages of that urgency are in workers' hands.
async fn in_hand(queue: &NatsQueue, urgency: Urgency) -> u64 {
    let waiting = queue.waiting().await.unwrap();
    let lane = waiting.iter().find(|lane| lane.channel == Channel::Email && lane.urgency == urgency);
    lane.unwrap().in_hand
}

#[tokio::test]
async fn a_busy_worker_holds_no_more_than_it_has_hands_free() {
    let server = provisioned().await;
    let (service, busy, idle) = (queue(&server).await, queue(&server).await, queue(&server).await);
    for number in 0..10 {
        service.publish(&code(&format!("code {number}"))).await.unwrap();
        service.publish(&notice(&format!("notice {number}"))).await.unwrap();
    }
    let held = [next(&busy).await, next(&busy).await, next(&busy).await];
    assert_eq!(in_hand(&service, Urgency::Urgent).await, 3);
    assert_eq!(in_hand(&service, Urgency::Notice).await, 0);
    for _ in 0..7 {
        next(&idle).await.acknowledge().await.unwrap();
    }
    assert_eq!(in_hand(&service, Urgency::Urgent).await, 3);
    drop(held);
}

#[tokio::test]
async fn a_code_that_comes_to_a_worker_without_a_free_hand_goes_to_another() {
    let server = provisioned().await;
    let (service, busy, idle) = (queue(&server).await, queue(&server).await, queue(&server).await);
    for number in 0..20 {
        // It waited for one, and does so no longer.
        let nothing = timeout(Duration::from_millis(20), Consumer::next(&busy, Channel::Email));
        assert!(nothing.await.is_err(), "nothing was published");
        let request = code(&format!("code {number}"));
        service.publish(&request).await.unwrap();
        let message = next(&idle).await;
        assert_eq!(message.bytes(), request.encode());
        message.acknowledge().await.unwrap();
    }
}

#[tokio::test]
async fn what_is_on_its_way_to_who_waits_no_longer_goes_to_the_next() {
    let server = provisioned().await;
    let (service, worker) = (queue(&server).await, queue(&server).await);
    for number in 0..50 {
        let request = code(&format!("code {number}"));
        let mut waits = Box::pin(Consumer::next(&worker, Channel::Email));
        let early = timeout(Duration::ZERO, waits.as_mut()).await;
        assert!(early.is_err(), "nothing was published");
        service.publish(&request).await.unwrap();
        // Until it has got there, or nearly.
        tokio::time::sleep(Duration::from_micros(100 * number)).await;
        drop(waits);
        let message = next(&worker).await;
        assert_eq!(message.bytes(), request.encode());
        message.acknowledge().await.unwrap();
    }
}

#[tokio::test]
async fn no_flood_of_notices_keeps_a_code_from_a_worker_with_one_hand() {
    let server = provisioned().await;
    let (service, worker) = (queue(&server).await, queue(&server).await);
    for number in 0..200 {
        service.publish(&notice(&format!("notice {number}"))).await.unwrap();
    }
    for round in 0..5 {
        let held = next(&worker).await;
        let request = code(&format!("code {round}"));
        service.publish(&request).await.unwrap();
        held.acknowledge().await.unwrap();
        let mut notices = 0;
        loop {
            let message = next(&worker).await;
            let came = message.bytes() == request.encode();
            message.acknowledge().await.unwrap();
            if came {
                break;
            }
            notices += 1;
            assert!(notices < 20, "the code waits for notices");
        }
    }
}

#[tokio::test]
async fn a_server_that_was_restarted_is_asked_again_at_once() {
    let mut server = provisioned().await;
    let service = queue(&server).await;
    // What isn't answered is asked again in the end, but not within the test.
    let sizes = Sizes { answer_within: Duration::from_secs(60), ..Sizes::default() };
    let worker = NatsQueue::new(server.connected("test").await, Arc::new(SystemClock), sizes);
    let nothing = timeout(Duration::from_millis(100), Consumer::next(&worker, Channel::Email));
    assert!(nothing.await.is_err(), "nothing was published");
    let waits = tokio::spawn(async move {
        loop {
            // While it starts, it may say that it can't.
            if let Ok(message) = Consumer::next(&worker, Channel::Email).await {
                return message.bytes().to_vec();
            }
        }
    });
    server.kill();
    server.restart();
    let request = code("after");
    timeout(SOON, async { while service.publish(&request).await.is_err() {} }).await.unwrap();
    assert_eq!(timeout(SOON, waits).await.unwrap().unwrap(), request.encode());
}

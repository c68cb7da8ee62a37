//! The server is killed in the middle, with its store and without.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use tokio::sync::Mutex;
use tokio::time::timeout;
use twostep_clock::{Clock as _, SystemClock};
use twostep_delivery::conformance::{Harness, run_all};
use twostep_delivery::{
    Claim, Claims, Consumer, Message, Outcome, Publisher, QueueError, Report, Reporter, Reports, Request,
};
use twostep_delivery_nats::{Declaration, NatsQueue, Sizes, provision};
use twostep_domain::delivery::Channel;
use twostep_domain::{DeliveryId, Time};
use uuid::Uuid;

use crate::requests::code;
use crate::server::Server;

const LONG: Duration = Duration::from_secs(30);

/// A queue whose server is killed after the first that is put into it, and started again over the same store. A claim that
/// was just made is left alone: the time that a start takes would make its owner one that is gone.
struct Killed {
    queue: NatsQueue,
    server: Mutex<Server>,
    killed: AtomicBool,
    seed: Uuid,
}

fn sizes() -> Sizes {
    let (patience, answer_within) = (Duration::from_millis(900), Duration::from_secs(1));
    Sizes { urgent: 5, notices: 5, patience, answer_within, ..Sizes::default() }
}

impl Killed {
    async fn put<T>(&self, done: Result<T, QueueError>) -> Result<T, QueueError> {
        if done.is_ok() && !self.killed.swap(true, Ordering::SeqCst) {
            let mut server = self.server.lock().await;
            server.kill();
            server.restart();
            // Only then does time begin to count for the case.
            timeout(LONG, async { while self.queue.waiting().await.is_err() {} }).await.unwrap();
        }
        done
    }
}

#[async_trait]
impl Publisher for Killed {
    async fn publish(&self, request: &Request) -> Result<(), QueueError> {
        let done = self.queue.publish(request).await;
        self.put(done).await
    }
    async fn reopen(&self, channel: Channel, id: DeliveryId, round: u32) -> Result<(), QueueError> {
        let done = self.queue.reopen(channel, id, round).await;
        self.put(done).await
    }
}

#[async_trait]
impl Reporter for Killed {
    async fn report(&self, report: &Report) -> Result<(), QueueError> {
        let done = self.queue.report(report).await;
        self.put(done).await
    }
}

#[async_trait]
impl Claims for Killed {
    fn patience(&self) -> Duration {
        self.queue.patience()
    }
    async fn claim(&self, channel: Channel, id: DeliveryId, worker: &str) -> Result<Claim, QueueError> {
        self.queue.claim(channel, id, worker).await
    }
    async fn submitting(&self, channel: Channel, id: DeliveryId, worker: &str) -> Result<(), QueueError> {
        self.queue.submitting(channel, id, worker).await
    }
    async fn release(&self, channel: Channel, id: DeliveryId, worker: &str) -> Result<(), QueueError> {
        let done = self.queue.release(channel, id, worker).await;
        self.put(done).await
    }
    async fn decide(&self, worker: &str, word: &Report) -> Result<(), QueueError> {
        let done = self.queue.decide(worker, word).await;
        self.put(done).await
    }
}

#[async_trait]
impl Harness for Killed {
    fn publisher(&self) -> &dyn Publisher {
        self
    }
    fn consumer(&self) -> &dyn Consumer {
        &self.queue
    }
    fn claims(&self) -> &dyn Claims {
        self
    }
    fn reporter(&self) -> &dyn Reporter {
        self
    }
    fn reports(&self) -> &dyn Reports {
        &self.queue
    }
    fn now(&self) -> Time {
        SystemClock.now()
    }
    async fn pass(&self, by: Duration) {
        tokio::time::sleep(by).await;
    }
    fn patience(&self) -> Duration {
        sizes().patience
    }
    fn room(&self) -> usize {
        5
    }
    fn moment(&self) -> Duration {
        Duration::from_millis(100)
    }
    fn seed(&self) -> Uuid {
        self.seed
    }
}

async fn provisioned(server: &Server) {
    provision(&server.connected("provision").await, &Declaration::of(&sizes())).await.unwrap();
}

async fn queue(server: &Server) -> NatsQueue {
    NatsQueue::new(server.connected("test").await, Arc::new(SystemClock), sizes())
}

#[tokio::test]
async fn every_promise_is_kept_by_a_server_that_is_killed_in_the_middle() {
    run_all(async || {
        let server = Server::start();
        provisioned(&server).await;
        let queue = queue(&server).await;
        Killed { queue, server: Mutex::new(server), killed: AtomicBool::new(false), seed: Uuid::now_v7() }
    })
    .await;
}

/// Asks until it is given something: meanwhile the server is away, or has nothing to ask for.
async fn next(queue: &NatsQueue) -> Box<dyn Message> {
    let asks = async {
        loop {
            if let Ok(message) = Consumer::next(queue, Channel::Email).await {
                return message;
            }
        }
    };
    timeout(LONG, asks).await.unwrap()
}

#[tokio::test]
async fn after_its_whole_store_is_gone_the_same_processes_go_on_once_it_is_provisioned() {
    let mut server = Server::start();
    provisioned(&server).await;
    let (service, worker) = (queue(&server).await, queue(&server).await);
    let first = code("first");
    service.publish(&first).await.unwrap();
    next(&worker).await.acknowledge().await.unwrap();
    assert_eq!(worker.claim(Channel::Email, first.id, "one").await.unwrap(), Claim::Taken { attempt: 1 });
    // Both wait for something while it happens.
    let (takes, hears) = (worker.clone(), service.clone());
    let takes = tokio::spawn(async move {
        next(&takes).await.acknowledge().await.unwrap();
        next(&takes).await
    });
    let hears = tokio::spawn(async move {
        loop {
            if let Ok(received) = Reports::next(&hears).await {
                return received.report().clone();
            }
        }
    });
    server.kill();
    std::fs::remove_dir_all(server.store()).unwrap();
    server.restart();
    let publishes = async |request: &Request| {
        timeout(LONG, async { while service.publish(request).await.is_err() {} }).await.unwrap();
    };
    // What to do is said, once the server is back.
    let says = async {
        while !service.publish(&first).await.unwrap_err().to_string().contains("twostep provision") {}
    };
    timeout(LONG, says).await.unwrap();
    provisioned(&server).await;
    // The log knows what hasn't ended: it is published again.
    publishes(&first).await;
    publishes(&code("second")).await;
    timeout(LONG, takes).await.unwrap().unwrap().acknowledge().await.unwrap();
    assert_eq!(worker.claim(Channel::Email, first.id, "two").await.unwrap(), Claim::Taken { attempt: 1 });
    let (id, company, channel) = (first.id, first.company, first.channel);
    let report = Report {
        id,
        company,
        channel,
        round: None,
        attempts: 1,
        at: SystemClock.now(),
        outcome: Outcome::Expired,
    };
    worker.report(&report).await.unwrap();
    assert_eq!(timeout(LONG, hears).await.unwrap().unwrap(), report);
}

//! A worker on the in-process queue with a scripted channel.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use chrono::TimeDelta;
use twostep_clock::{Clock as _, MovedClock};
use twostep_delivery::{
    Accepted, ChannelKey, ChannelKeys, Claims as _, Content, Outcome, Payload, Publisher as _, QueueError,
    Report, Reporter, Request, Step, Submit, SubmitError, Worker,
};
use twostep_delivery_local::{Limits, LocalQueue};
use twostep_domain::delivery::{Channel, MessageKind};
use twostep_domain::{ChallengeId, CompanyId, DeliveryId, IntentId, Locale, Time, TimeZone};
use uuid::Uuid;

/// What the channel answers next; it takes everything once the script is over.
pub type Answer = Result<Accepted, SubmitError>;

/// A channel that answers as told; a `None` never answers.
#[derive(Default)]
pub struct Scripted {
    answers: Mutex<VecDeque<Option<Answer>>>,
    pub seen: Mutex<Vec<(DeliveryId, String)>>,
    /// The code of each message, where it has one.
    pub codes: Mutex<Vec<Option<String>>>,
}

pub struct Fixture {
    pub clock: Arc<MovedClock>,
    pub queue: LocalQueue,
    pub channel: Arc<Scripted>,
    pub worker: Arc<Worker>,
}

pub fn accepted() -> Answer {
    Ok(Accepted { provider: "p".to_owned(), provider_id: Some("1".to_owned()) })
}

pub fn retry(after: Option<u64>) -> Answer {
    Err(SubmitError::Retry { after: after.map(Duration::from_secs), reason: "451".to_owned() })
}

pub fn keys() -> ChannelKeys {
    ChannelKeys::new(Channel::Email, ChannelKey::new("k1", [7; 32]), Vec::new())
}

#[async_trait]
impl Submit for Scripted {
    async fn submit(&self, request: &Request, payload: &Payload) -> Answer {
        self.seen.lock().unwrap().push((request.id, payload.destination.clone()));
        self.codes.lock().unwrap().push(payload.content.code.clone());
        let next = self.answers.lock().unwrap().pop_front();
        match next {
            None => accepted(),
            Some(Some(answer)) => answer,
            Some(None) => std::future::pending().await,
        }
    }
}

impl Fixture {
    pub fn new(answers: impl IntoIterator<Item = Option<Answer>>) -> Self {
        let clock = Arc::new(MovedClock::frozen_at(Time::UNIX_EPOCH));
        let queue = LocalQueue::new(clock.clone(), Limits::default());
        let answers = Mutex::new(answers.into_iter().collect());
        let channel = Arc::new(Scripted { answers, ..Scripted::default() });
        let worker = Arc::new(Worker {
            channel: Channel::Email,
            name: "w1".to_owned(),
            keys: keys(),
            consumer: Arc::new(queue.clone()),
            claims: Arc::new(queue.clone()),
            reporter: Arc::new(queue.clone()),
            out: channel.clone(),
            clock: clock.clone(),
            jitter: Box::new(|ceiling| ceiling),
        });
        Self { clock, queue, channel, worker }
    }

    /// The worker with a reporter that fails so many times first.
    pub fn deaf(&self, times: usize) -> Worker {
        let reporter = Deaf { left: AtomicUsize::new(times), queue: self.queue.clone() };
        Worker {
            channel: Channel::Email,
            name: "w1".to_owned(),
            keys: keys(),
            consumer: Arc::new(self.queue.clone()),
            claims: Arc::new(self.queue.clone()),
            reporter: Arc::new(reporter),
            out: self.channel.clone(),
            clock: self.clock.clone(),
            jitter: Box::new(|ceiling| ceiling),
        }
    }

    pub fn request(&self, label: &str, kind: MessageKind) -> Request {
        self.request_with(label, kind, Content::default())
    }

    pub fn request_with(&self, label: &str, kind: MessageKind, content: Content) -> Request {
        let id = DeliveryId::derived(Uuid::nil(), label);
        let payload = Payload {
            destination: "ada@example.org".to_owned(),
            person: "Ada".to_owned(),
            company: "Acme".to_owned(),
            product: "Twostep".to_owned(),
            sender: "Acme".to_owned(),
            locale: Locale::En,
            time_zone: TimeZone::default(),
            content,
        };
        let now = self.clock.now();
        Request {
            version: Request::VERSION,
            id,
            company: CompanyId::derived(Uuid::nil(), "acme"),
            intent: IntentId::derived(Uuid::nil(), label),
            channel: Channel::Email,
            kind,
            challenge: Some(ChallengeId::derived(Uuid::nil(), "challenge")),
            requested_at: now,
            expires_at: now + TimeDelta::minutes(10),
            round: 0,
            payload: keys().seal(id, &payload),
        }
    }

    pub async fn publish(&self, label: &str, kind: MessageKind) -> Request {
        let request = self.request(label, kind);
        self.queue.publish(&request).await.unwrap();
        request
    }

    pub async fn step(&self) -> Step {
        self.worker.run_once().await.unwrap()
    }

    /// Another worker took the message and went away, after calling the provider or before.
    pub async fn died(&self, request: &Request, submitting: bool) {
        self.queue.claim(request.channel, request.id, "dead").await.unwrap();
        if submitting {
            self.queue.submitting(request.channel, request.id, "dead").await.unwrap();
        }
        self.pass(31);
    }

    pub fn pass(&self, seconds: i64) {
        self.clock.advance(TimeDelta::seconds(seconds) + TimeDelta::milliseconds(1));
    }

    pub fn sent(&self) -> usize {
        self.channel.seen.lock().unwrap().len()
    }

    /// The next report, which must be there.
    pub async fn report(&self) -> Report {
        let received = self.queue.next_report().await;
        received.expect("a report is there")
    }

    /// The outcome of the next report, which must be there.
    pub async fn outcome(&self) -> Outcome {
        self.report().await.outcome
    }

    /// Nothing is left, neither message nor report.
    pub async fn nothing_is_left(&self) {
        assert!(self.queue.next_report().await.is_none(), "a report is left");
        let next = tokio::time::timeout(Duration::ZERO, self.worker.run_once()).await;
        assert!(next.is_err(), "a message is left: {next:?}");
    }
}

/// Hears nothing for a while.
struct Deaf {
    left: AtomicUsize,
    queue: LocalQueue,
}

#[async_trait]
impl Reporter for Deaf {
    async fn report(&self, report: &Report) -> Result<(), QueueError> {
        if self.left.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| left.checked_sub(1)).is_ok() {
            return Err(QueueError::Unavailable { reason: "deaf".to_owned() });
        }
        self.queue.report(report).await
    }
}

/// Reads a report if there is one.
pub trait NextReport {
    async fn next_report(&self) -> Option<Report>;
}

impl NextReport for LocalQueue {
    async fn next_report(&self) -> Option<Report> {
        let waiting = tokio::time::timeout(Duration::ZERO, twostep_delivery::Reports::next(self)).await;
        let received = waiting.ok()?.unwrap();
        let report = received.report().clone();
        received.acknowledge().await.unwrap();
        Some(report)
    }
}

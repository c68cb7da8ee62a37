//! What is asked of one consumer: never more messages than somebody has a hand free for.
//!
//! What lies there is asked for at once, which the server answers at once. Where nothing lies, one single message is
//! waited for: a request that waits can't be taken back.

use std::time::Duration;

use async_nats::jetstream::Message;
use async_nats::jetstream::consumer::PullConsumer;
use async_nats::jetstream::consumer::pull::BatchConfig;
use async_nats::{StatusCode, Subscriber};
use futures::StreamExt as _;
use tokio::time::Instant;
use twostep_delivery::QueueError;

use crate::server::Server;

/// How long a request lies at the server; then another is made, also to a server that was restarted meanwhile.
const ASKED_FOR: Duration = Duration::from_secs(5);

/// What a request ends with that wasn't answered in full says how many messages it is short of.
const SHORT_OF: &str = "Nats-Pending-Messages";

/// Which consumer of which stream.
#[derive(Clone)]
pub(crate) struct Source {
    pub(crate) stream: &'static str,
    pub(crate) consumer: String,
}

impl Source {
    /// Finds it, and notes what time the server says it is.
    pub(crate) async fn find(&self, server: &Server) -> Result<PullConsumer, QueueError> {
        let doing = || format!("finding the consumer {} (see twostep provision)", self.consumer);
        let found = server.jetstream.get_consumer_from_stream(&self.consumer, self.stream).await;
        let found = found.map_err(|error| server.unavailable(&doing(), error))?;
        let read = server.clocks.read(&server.jetstream, self.stream, &self.consumer).await;
        read.map_err(|error| server.unavailable(&doing(), error))?;
        Ok(found)
    }
}

/// One consumer, and what was asked of it.
pub(crate) struct Lane {
    source: Source,
    consumer: Option<PullConsumer>,
    answers: Option<Answers>,
    /// How many messages were asked for that neither came nor were refused.
    asked: usize,
    /// Whether the last request lies at the server until a message comes; else it is answered at once.
    waits: bool,
    /// Whether more may lie there than was asked for.
    more: bool,
    /// When the server will have said something.
    until: Instant,
}

/// Where requests are answered: each at a subject that ends in how many messages it asks for.
struct Answers {
    inbox: String,
    heard: Subscriber,
}

/// What a consumer says.
pub(crate) enum Said {
    /// This lay there.
    Message(Box<Message>),
    /// Nothing more lies there.
    Nothing,
    /// It can't be asked.
    Refused(String),
}

impl Lane {
    pub(crate) fn of(source: Source) -> Self {
        let (consumer, answers, until) = (None, None, Instant::now());
        Self { source, consumer, answers, asked: 0, waits: false, more: true, until }
    }

    /// That the clocks agree, which the server is asked about now and then.
    pub(crate) async fn agree(&mut self, server: &Server) -> Result<(), QueueError> {
        if server.clocks.agree() {
            return Ok(());
        }
        self.consumer = Some(self.source.find(server).await?);
        server.clocks.check()
    }

    /// Asks on behalf of `free` hands.
    pub(crate) async fn ask(&mut self, free: usize, server: &Server) -> Result<(), QueueError> {
        let room = free.saturating_sub(self.asked);
        if room == 0 || (self.asked > 0 && !self.more) {
            return Ok(());
        }
        let batch = if self.more { room } else { 1 };
        self.waits = !self.more;
        let expires = self.waits.then_some(ASKED_FOR);
        let consumer = match self.consumer.take() {
            Some(consumer) => consumer,
            None => self.source.find(server).await?,
        };
        if self.answers.is_none() {
            let inbox = server.connected.client().new_inbox();
            let heard = server.connected.client().subscribe(format!("{inbox}.*")).await;
            let heard = heard.map_err(|error| server.unavailable("listening for messages", error))?;
            self.answers = Some(Answers { inbox, heard });
        }
        let inbox = self.answers.as_ref().map(|answers| answers.inbox.as_str()).unwrap_or_default();
        let config = BatchConfig { batch, expires, no_wait: !self.waits, ..BatchConfig::default() };
        let sent = consumer.request_batch(config, format!("{inbox}.{batch}").into()).await;
        sent.map_err(|error| server.unavailable("asking for messages", error))?;
        self.consumer = Some(consumer);
        self.asked += batch;
        self.until = Instant::now() + expires.unwrap_or_default() + server.sizes.answer_within;
        Ok(())
    }

    /// What the server says next; waits while it says nothing. Whoever stops waiting loses nothing.
    pub(crate) async fn hear(&mut self, server: &Server) -> Said {
        let Some(answers) = &mut self.answers else { return std::future::pending().await };
        loop {
            let Some(message) = answers.heard.next().await else {
                self.answers = None;
                return Said::Refused("the connection is closed".to_owned());
            };
            match message.status {
                None | Some(StatusCode::OK) => {
                    let message = Message { message, context: server.jetstream.clone() };
                    self.asked = self.asked.saturating_sub(1);
                    self.more = message.info().is_ok_and(|info| info.pending > 0);
                    self.until = Instant::now() + server.sizes.answer_within;
                    return Said::Message(Box::new(message));
                }
                Some(StatusCode::IDLE_HEARTBEAT) => {}
                Some(StatusCode::NOT_FOUND | StatusCode::TIMEOUT) => {
                    self.asked = self.asked.saturating_sub(short_of(&message));
                    self.more = false;
                    return Said::Nothing;
                }
                Some(status) => {
                    // The consumer may be gone: the next request looks for it again.
                    self.forget();
                    let described = message.description.as_deref().unwrap_or_default();
                    return Said::Refused(format!("{status} {described}"));
                }
            }
        }
    }

    /// When the server will have said something, if anything was asked.
    pub(crate) fn until(&self) -> Option<Instant> {
        (self.asked > 0).then_some(self.until)
    }

    /// What was asked is not answered any more: whether it waited there, or was to be answered at once.
    ///
    /// The server may have lost it; or it holds back what lies there, having given out as much as it may: then it answers one
    /// that waits, which has an end of its own.
    pub(crate) fn give_up(&mut self) {
        (self.asked, self.more) = (0, self.waits);
    }

    /// Whatever was asked and known is worth nothing any more.
    pub(crate) fn forget(&mut self) {
        (self.consumer, self.asked, self.more) = (None, 0, true);
    }

    /// Whether a request waits there, so that nothing can lie there.
    pub(crate) fn is_empty(&self) -> bool {
        self.asked > 0 && !self.more
    }
}

/// How many messages of a request a status ends.
fn short_of(status: &async_nats::Message) -> usize {
    let told = status.headers.as_ref().and_then(|headers| headers.get(SHORT_OF));
    let told = told.map(async_nats::HeaderValue::as_str);
    let told = told.or_else(|| status.subject.rsplit('.').next());
    told.and_then(|number| number.parse().ok()).unwrap_or(1)
}

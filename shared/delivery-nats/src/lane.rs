//! What is taken out of one consumer, one message at a time, so that what a dead worker held is little.
//!
//! A request to the server is kept here while its answer is awaited: whoever stops waiting loses no message.

use std::time::Duration;

use async_nats::jetstream::consumer::PullConsumer;
use async_nats::jetstream::consumer::pull::Batch;
use async_nats::jetstream::{Context, Message};
use futures::{FutureExt as _, StreamExt as _};
use tokio::time::timeout;
use twostep_delivery::QueueError;
use twostep_domain::delivery::{Channel, Urgency};

use crate::Inner;
use crate::declaration::{consumer_of, stream_of};

/// How long a request lies at the server; then another is made, also to a server that was restarted meanwhile.
const ASKED_FOR: Duration = Duration::from_secs(5);

/// One consumer.
pub(crate) struct Lane {
    stream: &'static str,
    name: String,
    consumer: Option<PullConsumer>,
    asked: Option<Asked>,
}

struct Asked {
    batch: Batch,
    /// Whether it lies at the server until a message comes; else the answer comes at once.
    waits: bool,
}

/// The two of a channel.
pub(crate) struct Lanes {
    urgent: Lane,
    notices: Lane,
}

impl Lanes {
    pub(crate) fn of(channel: Channel) -> Self {
        let lane = |urgency| Lane::new(stream_of(urgency), consumer_of(channel, urgency));
        Self { urgent: lane(Urgency::Urgent), notices: lane(Urgency::Notice) }
    }

    /// Whether the consumers can be found.
    pub(crate) async fn are_there(&self, inner: &Inner) -> Result<(), QueueError> {
        for lane in [&self.urgent, &self.notices] {
            lane.open(inner, &inner.jetstream).await?;
        }
        Ok(())
    }

    /// The next message, what is urgent first; waits while there is none.
    pub(crate) async fn next(&mut self, inner: &Inner) -> Result<Message, QueueError> {
        for lane in [&mut self.urgent, &mut self.notices] {
            if let Some(message) = lane.look(inner).await? {
                return Ok(message);
            }
        }
        tokio::select! {
            biased;
            urgent = self.urgent.wait(inner) => urgent,
            notice = self.notices.wait(inner) => notice,
        }
    }
}

impl Lane {
    pub(crate) fn new(stream: &'static str, name: impl Into<String>) -> Self {
        Self { stream, name: name.into(), consumer: None, asked: None }
    }

    /// A message that lies there.
    async fn look(&mut self, inner: &Inner) -> Result<Option<Message>, QueueError> {
        if self.asked.as_ref().is_some_and(|asked| asked.waits) {
            return match self.answer(inner).now_or_never() {
                Some(answered) => answered,
                None => Ok(None),
            };
        }
        if self.asked.is_none() {
            self.ask(inner, false).await?;
        }
        // Such a request has no end of its own: what went down with a connection would be waited for for good.
        let answered = timeout(inner.sizes.answer_within, self.answer(inner)).await;
        answered.unwrap_or_else(|late| {
            (self.asked, self.consumer) = (None, None);
            Err(inner.unavailable("asking for messages", late))
        })
    }

    /// The next message.
    pub(crate) async fn wait(&mut self, inner: &Inner) -> Result<Message, QueueError> {
        loop {
            if self.asked.is_none() {
                self.ask(inner, true).await?;
            }
            if let Some(message) = self.answer(inner).await? {
                return Ok(message);
            }
        }
    }

    async fn ask(&mut self, inner: &Inner, waits: bool) -> Result<(), QueueError> {
        let consumer = match self.consumer.take() {
            Some(consumer) => consumer,
            None => self.open(inner, &inner.jetstream).await?,
        };
        let asked = if waits {
            consumer.batch().max_messages(1).expires(ASKED_FOR).messages().await
        } else {
            consumer.fetch().max_messages(1).messages().await
        };
        let batch = asked.map_err(|error| inner.unavailable("asking for messages", error))?;
        self.consumer = Some(consumer);
        self.asked = Some(Asked { batch, waits });
        Ok(())
    }

    async fn open(&self, inner: &Inner, jetstream: &Context) -> Result<PullConsumer, QueueError> {
        let found = jetstream.get_consumer_from_stream(&self.name, self.stream).await;
        found.map_err(|error| {
            inner.unavailable(&format!("finding the consumer {} (see twostep provision)", self.name), error)
        })
    }

    /// The answer to what was asked; none: nothing lies there, or nothing came.
    async fn answer(&mut self, inner: &Inner) -> Result<Option<Message>, QueueError> {
        let Some(asked) = &mut self.asked else { return Ok(None) };
        let answer = asked.batch.next().await;
        self.asked = None;
        match answer {
            None => Ok(None),
            Some(Ok(message)) => Ok(Some(message)),
            Some(Err(error)) => {
                // The consumer may be gone: the next request looks for it again.
                self.consumer = None;
                Err(inner.unavailable("taking a message", error))
            }
        }
    }
}

//! The worker's way out.

use std::sync::Arc;
use std::time::Duration;

use async_nats::jetstream::{self, AckKind};
use async_trait::async_trait;
use twostep_delivery::{Consumer, DeadLetter, Message, QueueError, Request, Trace};
use twostep_domain::delivery::{Channel, Urgency};

use crate::{Inner, NatsQueue, SHORTEST, burial, challenges, trace};

struct NatsMessage {
    inner: Arc<Inner>,
    channel: Channel,
    message: jetstream::Message,
}

#[async_trait]
impl Consumer for NatsQueue {
    async fn next(&self, channel: Channel) -> Result<Box<dyn Message>, QueueError> {
        self.take(channel, None).await
    }

    async fn next_urgent(&self, channel: Channel) -> Result<Box<dyn Message>, QueueError> {
        self.take(channel, Some(Urgency::Urgent)).await
    }
}

impl NatsQueue {
    async fn take(&self, channel: Channel, only: Option<Urgency>) -> Result<Box<dyn Message>, QueueError> {
        let message = self.inner.desks[&channel].next(only).await?;
        Ok(Box::new(NatsMessage { inner: Arc::clone(&self.inner), channel, message }))
    }
}

impl NatsMessage {
    async fn answer(&self, kind: AckKind) -> Result<(), QueueError> {
        let answered = self.message.ack_with(kind).await;
        answered.map_err(|error| self.inner.unavailable("answering for a message", error))
    }
}

#[async_trait]
impl Message for NatsMessage {
    fn bytes(&self) -> &[u8] {
        &self.message.payload
    }

    fn place(&self) -> String {
        self.message.subject.to_string()
    }

    fn trace(&self) -> Option<Trace> {
        trace::of(self.message.headers.as_ref())
    }

    async fn superseded(&self) -> Result<bool, QueueError> {
        match Request::decode(self.bytes()) {
            Ok(request) => challenges::has_newer(&self.inner, &request).await,
            Err(_) => Ok(false),
        }
    }

    async fn acknowledge(self: Box<Self>) -> Result<(), QueueError> {
        let taken = self.message.double_ack().await;
        taken.map_err(|error| self.inner.unavailable("ending a message", error))
    }

    async fn bury(self: Box<Self>, reason: &str) -> Result<(), QueueError> {
        let deliveries = self.message.info().map_or(1, |info| info.delivered.unsigned_abs());
        let (subject, at) = (self.message.subject.as_str(), self.inner.clock.now());
        let letter = DeadLetter::of(self.bytes(), subject, reason, deliveries, at);
        burial::keep(&self.inner, self.channel, &letter).await?;
        self.acknowledge().await
    }

    async fn retry_after(self: Box<Self>, delay: Duration) -> Result<(), QueueError> {
        self.answer(AckKind::Nak(Some(delay.max(SHORTEST)))).await
    }

    async fn in_progress(&self) -> Result<(), QueueError> {
        self.answer(AckKind::Progress).await
    }
}

//! The service's way in.

use std::time::Duration;

use async_nats::jetstream::ErrorCode;
use async_nats::jetstream::context::{PublishError, PublishErrorKind};
use async_nats::jetstream::message::PublishMessage;
use async_trait::async_trait;
use twostep_delivery::{Publisher, QueueError, Request};
use twostep_domain::DeliveryId;
use twostep_domain::delivery::Channel;

use crate::declaration::subject;
use crate::{NatsQueue, challenges};

/// What the server says of a message that lies there already, and of a stream that is full: the number is the same.
const STORE_FAILED: ErrorCode = ErrorCode(10077);
const LIES_THERE: &str = "maximum messages per subject exceeded";

#[async_trait]
impl Publisher for NatsQueue {
    async fn publish(&self, request: &Request) -> Result<(), QueueError> {
        challenges::note(&self.inner, request).await?;
        let left = (request.expires_at - self.inner.clock.now()).num_seconds();
        // A message whose time is over is ended by the worker, who tells it.
        let ttl = Duration::from_secs(u64::try_from(left).unwrap_or(0).max(60));
        let message = PublishMessage::build().payload(request.encode().into()).ttl(ttl);
        let subject = subject(request.channel, request.urgency(), request.id);
        let sent = self.inner.jetstream.send_publish(subject, message).await;
        let acknowledged = match sent {
            Ok(acknowledgement) => acknowledgement.await,
            Err(error) => Err(error),
        };
        match acknowledged {
            Ok(_) => Ok(()),
            Err(error) => match refusal(&error) {
                Some(refusal) if refusal.starts_with(LIES_THERE) => Ok(()),
                Some(_) => Err(QueueError::Full),
                None if error.kind() == PublishErrorKind::StreamNotFound => {
                    Err(self.inner.unavailable("publishing a message (see twostep provision)", error))
                }
                None => Err(self.inner.unavailable("publishing a message", error)),
            },
        }
    }

    async fn reopen(&self, channel: Channel, id: DeliveryId, round: u32) -> Result<(), QueueError> {
        self.reopen_claim(channel, id, round).await
    }
}

/// Why the stream doesn't take a message.
fn refusal(error: &PublishError) -> Option<String> {
    let source = std::error::Error::source(error)?;
    let refusal = source.downcast_ref::<async_nats::jetstream::Error>()?;
    (refusal.error_code() == STORE_FAILED).then(|| refusal.to_string())
}

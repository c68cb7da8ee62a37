//! The service's way in.

use std::time::Duration;

use async_nats::jetstream::ErrorCode;
use async_nats::jetstream::context::{PublishError, PublishErrorKind};
use async_nats::jetstream::message::PublishMessage;
use async_nats::jetstream::stream::LastRawMessageErrorKind;
use async_trait::async_trait;
use twostep_delivery::{Publisher, QueueError, Request};
use twostep_domain::DeliveryId;
use twostep_domain::delivery::Channel;

use crate::declaration::{stream_of, subject};
use crate::{NatsQueue, challenges, trace};

/// What the server says where a stream doesn't store a message: whatever the reason, the number is the same.
const STORE_FAILED: ErrorCode = ErrorCode(10077);
const LIES_THERE: &str = "maximum messages per subject exceeded";
const FULL: [&str; 2] = ["maximum messages exceeded", "maximum bytes exceeded"];

#[async_trait]
impl Publisher for NatsQueue {
    async fn publish(&self, request: &Request) -> Result<(), QueueError> {
        challenges::note(&self.inner, request).await?;
        let left = (request.expires_at - self.inner.clock.now()).num_seconds();
        // A message whose time is over is ended by the worker, who tells it.
        let ttl = Duration::from_secs(u64::try_from(left).unwrap_or(0).max(60));
        let headers = trace::headers(request.id.0);
        let message = PublishMessage::build().headers(headers).payload(request.encode().into()).ttl(ttl);
        let subject = subject(request.channel, request.urgency(), request.id);
        let sent = self.inner.jetstream.send_publish(subject, message).await;
        let acknowledged = match sent {
            Ok(acknowledgement) => acknowledgement.await,
            Err(error) => Err(error),
        };
        let Err(error) = acknowledged else { return Ok(()) };
        match refusal(&error) {
            Some(Refusal::LiesThere) if self.take_off_earlier(request).await? => self.publish(request).await,
            Some(Refusal::LiesThere) => Ok(()),
            Some(Refusal::Full) => Err(QueueError::Full),
            Some(Refusal::Broken(why)) => Err(self.inner.unavailable("storing a message at the broker", why)),
            None if error.kind() == PublishErrorKind::StreamNotFound => {
                Err(self.inner.unavailable("publishing a message (see twostep provision)", error))
            }
            None => Err(self.inner.unavailable("publishing a message", error)),
        }
    }

    async fn reopen(&self, channel: Channel, id: DeliveryId, round: u32) -> Result<(), QueueError> {
        self.reopen_claim(channel, id, round).await
    }
}

impl NatsQueue {
    /// Whether a message of an earlier round than that of `request` lay in its place; it is taken off.
    async fn take_off_earlier(&self, request: &Request) -> Result<bool, QueueError> {
        if request.round == 0 {
            return Ok(false);
        }
        let (inner, urgency) = (&self.inner, request.urgency());
        let stream = inner.jetstream.get_stream_no_info(stream_of(urgency)).await;
        let stream = stream.map_err(|error| inner.unavailable("finding a stream", error))?;
        let subject = subject(request.channel, urgency, request.id);
        let lying = match stream.get_last_raw_message_by_subject(&subject).await {
            Ok(lying) => lying,
            Err(error) if error.kind() == LastRawMessageErrorKind::NoMessageFound => return Ok(true),
            Err(error) => return Err(inner.unavailable("reading a message that is sent once more", error)),
        };
        if Request::decode(&lying.payload).is_ok_and(|lying| lying.round >= request.round) {
            return Ok(false);
        }
        let taken_off = stream.delete_message(lying.sequence).await;
        taken_off.map_err(|error| inner.unavailable("taking off a message that is sent once more", error))
    }
}

/// Why the stream doesn't take a message.
#[derive(Debug, PartialEq, Eq)]
enum Refusal {
    /// It has the same one.
    LiesThere,
    /// It holds as much as it may.
    Full,
    /// It can't write.
    Broken(String),
}

fn refusal(error: &PublishError) -> Option<Refusal> {
    let source = std::error::Error::source(error)?;
    let told = source.downcast_ref::<async_nats::jetstream::Error>()?;
    (told.error_code() == STORE_FAILED).then(|| Refusal::of(&told.to_string()))
}

impl Refusal {
    fn of(told: &str) -> Self {
        if told.contains(LIES_THERE) {
            return Self::LiesThere;
        }
        if FULL.iter().any(|full| told.contains(full)) {
            return Self::Full;
        }
        Self::Broken(told.to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_disk_that_fails_is_no_full_queue() {
        for (told, meant) in [
            ("maximum messages per subject exceeded", Refusal::LiesThere),
            ("maximum messages exceeded", Refusal::Full),
            ("maximum bytes exceeded", Refusal::Full),
        ] {
            assert_eq!(Refusal::of(told), meant);
        }
        let told = "write /data/jetstream/7.blk: no space left on device";
        assert_eq!(Refusal::of(told), Refusal::Broken(told.to_owned()));
    }
}

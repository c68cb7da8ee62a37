//! Messages that nobody can work on: taken off their stream; what they were is kept in `DEAD`.

use async_nats::jetstream::stream::LastRawMessageErrorKind;
use futures::StreamExt as _;
use serde::Deserialize;
use tokio_util::sync::CancellationToken;
use twostep_delivery::{DeadLetter, Ids, Outcome, QueueError, Report, Reporter as _};
use twostep_domain::delivery::{Channel, Failure, Urgency};

use crate::declaration::{consumer_of, dead_subject, stream_of};
use crate::{Inner, NatsQueue};

/// Where the server tells that it gave a message out as often as it may.
const WORN_OUT: &str = "$JS.EVENT.ADVISORY.CONSUMER.MAX_DELIVERIES.>";

/// Those who listen to that: each word goes to one of them.
const LISTENERS: &str = "twostep";

/// The server's word.
#[derive(Deserialize)]
struct Advisory {
    stream: String,
    consumer: String,
    stream_seq: u64,
    deliveries: u64,
}

impl NatsQueue {
    /// Takes off what was given out as often as it may be, which the server leaves where it is: it killed every worker that
    /// took it. Ends with `stop`. What is told while nobody listens stays in its stream until it is too old.
    pub async fn bury_worn_out(&self, stop: CancellationToken) {
        let client = self.inner.connected.client();
        let mut told = match client.queue_subscribe(WORN_OUT, LISTENERS.to_owned()).await {
            Ok(told) => told,
            Err(error) => return tracing::error!(%error, "nobody hears of messages that nobody can work on"),
        };
        loop {
            let advisory = tokio::select! {
                () = stop.cancelled() => return,
                advisory = told.next() => advisory,
            };
            let Some(advisory) = advisory else { return };
            if let Err(error) = self.bury(&advisory.payload).await {
                tracing::error!(%error, "a message that nobody can work on could not be taken off its stream");
            }
        }
    }

    /// Keeps what it was, tells the log, takes it off: in this order, so that what breaks off is told again or too old soon.
    async fn bury(&self, advisory: &[u8]) -> Result<(), QueueError> {
        let Ok(advisory) = serde_json::from_slice::<Advisory>(advisory) else { return Ok(()) };
        let Some((stream, channel)) = ours(&advisory) else { return Ok(()) };
        let inner = &self.inner;
        let stream = inner.jetstream.get_stream_no_info(stream).await;
        let stream = stream.map_err(|error| inner.unavailable("finding a stream", error))?;
        let message = match stream.get_raw_message(advisory.stream_seq).await {
            Ok(message) => message,
            Err(error) if error.kind() == LastRawMessageErrorKind::NoMessageFound => return Ok(()),
            Err(error) => return Err(inner.unavailable("reading a message that nobody can work on", error)),
        };
        let reason = format!("given out {} times, and no worker came to its end", advisory.deliveries);
        let at = inner.clock.now();
        let letter = DeadLetter::of(&message.payload, &message.subject, &reason, advisory.deliveries, at);
        keep(inner, channel, &letter).await?;
        if let Some(Ids { id, company }) = Ids::of(&message.payload) {
            let outcome = Outcome::Failed { because: Failure::Poison, reason };
            self.report(&Report { id, company, channel, attempts: 0, at, outcome }).await?;
        }
        let deleted = stream.delete_message(advisory.stream_seq).await;
        deleted
            .map(drop)
            .map_err(|error| inner.unavailable("taking off a message that nobody can work on", error))
    }
}

/// Keeps what a message was.
pub(crate) async fn keep(inner: &Inner, channel: Channel, letter: &DeadLetter) -> Result<(), QueueError> {
    let DeadLetter { subject, bytes, sha256, reason, deliveries, .. } = letter;
    tracing::error!(subject, bytes, sha256, reason, deliveries, "nobody can work on a message");
    let bytes = serde_json::to_vec(letter).expect("a dead letter has string keys only");
    let sent = inner.jetstream.publish(dead_subject(channel), bytes.into()).await;
    let acknowledged = match sent {
        Ok(acknowledgement) => acknowledgement.await,
        Err(error) => Err(error),
    };
    acknowledged.map(drop).map_err(|error| inner.unavailable("keeping a dead letter", error))
}

/// The stream and channel of a message, where it is one of ours.
fn ours(advisory: &Advisory) -> Option<(&'static str, Channel)> {
    for urgency in [Urgency::Urgent, Urgency::Notice] {
        for channel in [Channel::Email, Channel::Sms] {
            if advisory.stream == stream_of(urgency) && advisory.consumer == consumer_of(channel, urgency) {
                return Some((stream_of(urgency), channel));
            }
        }
    }
    None
}

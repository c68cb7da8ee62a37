//! Messages that nobody can work on: taken off their stream; what they were is kept in `DEAD`.

use std::time::Duration;

use async_nats::jetstream::stream::LastRawMessageErrorKind;
use serde::Deserialize;
use tokio_util::sync::CancellationToken;
use twostep_delivery::{DeadLetter, Ids, Outcome, QueueError, Report, Reporter as _, Trace};
use twostep_domain::delivery::{Channel, Failure, Urgency};

use crate::declaration::{consumer_of, dead_subject, stream_of};
use crate::{Inner, NatsQueue, trace};

/// How long to leave a server alone that can't be asked.
const PAUSE: Duration = Duration::from_secs(1);

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
    /// took it. Ends with `stop`. What is told while nobody is here waits, and what fails comes again.
    pub async fn bury_worn_out(&self, stop: CancellationToken) {
        loop {
            let buried = tokio::select! {
                () = stop.cancelled() => return,
                buried = self.bury_next() => buried,
            };
            let Err(error) = buried else { continue };
            tracing::error!(%error, "messages that nobody can work on can't be taken off their streams; tried again");
            tokio::select! {
                () = stop.cancelled() => return,
                () = tokio::time::sleep(PAUSE) => {}
            }
        }
    }

    /// The next that wore out; acknowledged once it is gone.
    async fn bury_next(&self) -> Result<(), QueueError> {
        let advisory = self.inner.worn_out.next(None).await?;
        self.bury(&advisory.payload).await?;
        let taken = advisory.double_ack().await;
        taken.map_err(|error| self.inner.unavailable("ending what was told of a message", error))
    }

    /// Accounts for it, takes it off: in this order, so that what breaks off is told again.
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
        let told = self.account_for(channel, &message.payload, &message.subject, advisory.deliveries);
        Trace::within(trace::of(Some(&message.headers)), told).await?;
        let deleted = stream.delete_message(advisory.stream_seq).await;
        deleted
            .map(drop)
            .map_err(|error| inner.unavailable("taking off a message that nobody can work on", error))
    }

    /// What a worker has decided is told: the message only was not taken off. Anything else is poison.
    async fn account_for(
        &self,
        channel: Channel,
        bytes: &[u8],
        subject: &str,
        deliveries: u64,
    ) -> Result<(), QueueError> {
        let ids = Ids::of(bytes);
        if let Some(Ids { id, .. }) = ids
            && let Some(word) = self.decided(channel, id).await?
        {
            return self.report(&word).await;
        }
        let (inner, at) = (&self.inner, self.inner.clock.now());
        let reason = format!("given out {deliveries} times, and no worker came to its end");
        let letter = DeadLetter::of(bytes, subject, &reason, deliveries, at);
        keep(inner, channel, &letter).await?;
        let Some(Ids { id, company, round }) = ids else { return Ok(()) };
        let outcome = Outcome::Failed { because: Failure::Poison, reason };
        self.report(&Report { id, company, channel, round: Some(round), attempts: 0, at, outcome }).await
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

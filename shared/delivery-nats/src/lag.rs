//! How much waits in the queue, as the server says every few seconds.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use async_nats::jetstream::consumer::PullConsumer;
use tokio_util::sync::CancellationToken;
use twostep_delivery::{QueueError, Waiting};
use twostep_domain::delivery::{Channel, Urgency};

use crate::NatsQueue;
use crate::declaration::{consumer_of, stream_of};

/// How often it is asked.
const EVERY: Duration = Duration::from_secs(5);

/// What was seen last.
pub struct Lag {
    queue: NatsQueue,
    seen: Mutex<Vec<Waiting>>,
}

impl Lag {
    /// Of `queue`; nothing is seen yet.
    #[must_use]
    pub fn new(queue: NatsQueue) -> Self {
        Self { queue, seen: Mutex::default() }
    }

    /// What was seen last; nothing while the server isn't there.
    #[must_use]
    pub fn seen(&self) -> Vec<Waiting> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Asks every few seconds, until `stop`.
    pub async fn keep(&self, stop: CancellationToken) {
        while !stop.is_cancelled() {
            // Whoever publishes and takes says why it can't be asked.
            let seen = self.queue.waiting().await.unwrap_or_default();
            *self.seen.lock().unwrap_or_else(PoisonError::into_inner) = seen;
            tokio::select! {
                () = stop.cancelled() => {}
                () = tokio::time::sleep(EVERY) => {}
            }
        }
    }
}

impl NatsQueue {
    /// How much waits, by channel and urgency.
    ///
    /// # Errors
    /// [`QueueError`].
    pub async fn waiting(&self) -> Result<Vec<Waiting>, QueueError> {
        let mut all = Vec::new();
        for channel in [Channel::Email, Channel::Sms] {
            for urgency in [Urgency::Urgent, Urgency::Notice] {
                let (name, stream) = (consumer_of(channel, urgency), stream_of(urgency));
                let found: Result<PullConsumer, _> =
                    self.inner.jetstream.get_consumer_from_stream(&name, stream).await;
                let found =
                    found.map_err(|error| self.inner.unavailable(&format!("asking for {name}"), error))?;
                let info = found.cached_info();
                let in_hand = u64::try_from(info.num_ack_pending).unwrap_or(u64::MAX);
                all.push(Waiting { channel, urgency, waiting: info.num_pending, in_hand });
            }
        }
        Ok(all)
    }
}

//! Which relay leads: whoever holds one key of a bucket, whose server forgets it unless it is renewed in time.
//!
//! The server's clock decides alone when a lease is over. A holder counts its own time from before it asked, so that it
//! gives up no later than the server does, as long as both clocks run at one pace: if they don't, work is done twice.

use std::time::Duration;

use async_nats::jetstream::kv::{Operation, UpdateErrorKind};
use async_trait::async_trait;
use tokio::sync::watch;
use tokio::time::{Instant, sleep, sleep_until, timeout};
use tokio_util::sync::CancellationToken;
use twostep_delivery::{Leadership, QueueError};

use crate::NatsQueue;
use crate::declaration::LEASES;

/// The relay's key in the bucket.
const RELAY: &str = "relay";

/// The relay's lease, as one process sees it.
pub struct Lease {
    queue: NatsQueue,
    holder: String,
    /// Until when it is held, where it is.
    until: watch::Sender<Option<Instant>>,
}

impl Lease {
    /// The lease in `queue`, not held yet. `holder` names the process: no two that run at the same time have the same; one that
    /// comes back under its name goes on with what it held.
    #[must_use]
    pub fn new(queue: NatsQueue, holder: impl Into<String>) -> Self {
        Self { queue, holder: holder.into(), until: watch::Sender::new(None) }
    }

    /// Takes the lease whenever nobody holds it and renews it at a third of its life, until `stop`; then lets go of it.
    pub async fn keep(&self, stop: CancellationToken) {
        let third = self.life() / 3;
        while !stop.is_cancelled() {
            let asked = Instant::now();
            // A server that says nothing until the lease is over holds nobody's turn back.
            match timeout(third, self.take()).await {
                Ok(Ok(ours)) => self.turn(ours.then_some(asked + self.life())),
                Ok(Err(error)) => tracing::warn!(%error, "the relay's lease could not be asked for"),
                Err(_) => tracing::warn!("the relay's lease could not be asked for in time"),
            }
            tokio::select! {
                () = stop.cancelled() => {}
                () = sleep(third.saturating_sub(asked.elapsed())) => {}
            }
        }
        self.let_go().await;
    }

    fn life(&self) -> Duration {
        self.queue.inner.sizes.lease
    }

    fn turn(&self, until: Option<Instant>) {
        let led = self.held();
        self.until.send_replace(until);
        match (led, self.held()) {
            (false, true) => tracing::info!(holder = self.holder, "the relay of this process leads"),
            (true, false) => tracing::info!(holder = self.holder, "another relay leads"),
            _ => {}
        }
    }

    /// Takes or renews it; whether it is ours.
    async fn take(&self) -> Result<bool, QueueError> {
        let inner = &self.queue.inner;
        let store = inner.bucket(LEASES).await?;
        let found = store.entry(RELAY).await.map_err(|error| inner.unavailable("reading a lease", error))?;
        let revision = match found {
            None => 0,
            Some(entry) if entry.operation != Operation::Put || entry.value == self.holder => entry.revision,
            Some(_) => return Ok(false),
        };
        match store.update(RELAY, self.holder.clone().into(), revision).await {
            Ok(_) => Ok(true),
            Err(error) if error.kind() == UpdateErrorKind::WrongLastRevision => Ok(false),
            Err(error) => Err(inner.unavailable("taking a lease", error)),
        }
    }

    /// Lets the next one have it at once; where that fails, it is over soon by itself.
    async fn let_go(&self) {
        let led = self.held();
        self.until.send_replace(None);
        if !led {
            return;
        }
        if let Err(error) = self.delete().await {
            tracing::warn!(%error, "the relay's lease could not be let go of: it ends by itself");
        }
    }

    async fn delete(&self) -> Result<(), QueueError> {
        let inner = &self.queue.inner;
        let store = inner.bucket(LEASES).await?;
        let found = store.entry(RELAY).await.map_err(|error| inner.unavailable("reading a lease", error))?;
        let Some(entry) = found.filter(|entry| entry.value == self.holder) else { return Ok(()) };
        let deleted = store.delete_expect_revision(RELAY, Some(entry.revision)).await;
        deleted.map_err(|error| inner.unavailable("letting go of a lease", error))
    }
}

#[async_trait]
impl Leadership for Lease {
    fn held(&self) -> bool {
        self.until.borrow().is_some_and(|until| Instant::now() < until)
    }

    async fn differs_from(&self, held: bool) {
        let mut changed = self.until.subscribe();
        while self.held() == held {
            let until = *changed.borrow_and_update();
            tokio::select! {
                // The sender lives in `self`: it can't be gone.
                _ = changed.changed() => {}
                () = over(until) => {}
            }
        }
    }
}

/// Returns once that instant has passed.
async fn over(until: Option<Instant>) {
    match until.filter(|until| Instant::now() < *until) {
        Some(until) => sleep_until(until).await,
        None => std::future::pending().await,
    }
}

//! The loop around the step: bounded concurrency and a graceful stop.

use std::num::NonZeroUsize;
use std::sync::Arc;
use std::time::Duration;

use chrono::TimeDelta;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use crate::{Message, QueueError, Worker};

/// How long a provider's call may still take once the worker stops.
const DRAIN: Duration = Duration::from_secs(8);
/// How long the rest of a step may take after that, before it is left to the next worker like after a crash.
const LEAVE: Duration = Duration::from_secs(1);
/// The pause after a queue that can't be used.
const PAUSE: TimeDelta = TimeDelta::seconds(1);

impl Worker {
    /// Deals with up to `concurrency` messages at a time until `stop`; then finishes or hands back what it holds,
    /// within ten seconds.
    pub async fn run(self: Arc<Self>, concurrency: NonZeroUsize, stop: CancellationToken) {
        let hurry = CancellationToken::new();
        let mut slots = JoinSet::new();
        let serve = |serves| Arc::clone(&self).serve(serves, stop.clone(), hurry.clone());
        // However long the others are busy with notices, a code finds one that isn't.
        let serves = if concurrency.get() > 1 { Serves::Urgent } else { Serves::All };
        let mut kept = slots.spawn(serve(serves)).id();
        for _ in 1..concurrency.get() {
            slots.spawn(serve(Serves::All));
        }
        loop {
            let ended = tokio::select! {
                () = stop.cancelled() => break,
                ended = slots.join_next_with_id() => ended,
            };
            match ended {
                Some(Err(error)) => {
                    tracing::error!(%error, "a step of a worker broke off; its message comes again");
                    if error.id() == kept {
                        kept = slots.spawn(serve(serves)).id();
                    } else {
                        slots.spawn(serve(Serves::All));
                    }
                }
                // They end with `stop` only.
                Some(Ok(_)) | None => break,
            }
        }
        if tokio::time::timeout(DRAIN, all(&mut slots)).await.is_err() {
            hurry.cancel();
            if tokio::time::timeout(LEAVE, all(&mut slots)).await.is_err() {
                tracing::warn!(left = slots.len(), "steps did not end in time; their messages come again");
                slots.abort_all();
            }
        }
    }

    async fn take(&self, serves: Serves) -> Result<Box<dyn Message>, QueueError> {
        match serves {
            Serves::All => self.consumer.next(self.channel).await,
            Serves::Urgent => self.consumer.next_urgent(self.channel).await,
        }
    }

    async fn serve(self: Arc<Self>, serves: Serves, stop: CancellationToken, hurry: CancellationToken) {
        loop {
            let taken = tokio::select! {
                biased;
                () = stop.cancelled() => return,
                taken = self.take(serves) => taken,
            };
            let done = match taken {
                Ok(message) => self.step(message, &hurry).await.map(|_| ()),
                Err(error) => Err(error),
            };
            if let Err(error) = done {
                tracing::warn!(channel = self.channel.as_str(), %error, "the queue could not be used; trying again");
                tokio::select! {
                    () = stop.cancelled() => return,
                    () = self.clock.sleep_until(self.clock.now() + PAUSE) => {}
                }
            }
        }
    }
}

/// What a slot takes.
#[derive(Clone, Copy)]
enum Serves {
    All,
    Urgent,
}

async fn all(slots: &mut JoinSet<()>) {
    while slots.join_next().await.is_some() {}
}

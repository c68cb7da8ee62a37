//! The loop that follows the log from a checkpoint on.

use std::sync::{Arc, Weak};
use std::time::Duration;

use async_trait::async_trait;
use twostep_domain::DecodeError;
use twostep_event_store::{Checkpoint, Reader, RecordedEvent, Subscription};

use crate::progress::Progress;

/// How long a follower that can't go on at present waits before it tries again, at first.
const PAUSE: Duration = Duration::from_millis(200);

/// How long at most: each further failure doubles the pause.
const LONGEST_PAUSE: Duration = Duration::from_secs(10);

/// What can be fed the log, page by page.
#[async_trait]
pub(crate) trait Follower: Send + Sync + 'static {
    /// Its name, for logs.
    fn name(&self) -> &'static str;

    /// How far it says it has got.
    fn progress(&self) -> &Progress;

    /// Takes in the page after `from`, and that it has read up to its end: both or neither.
    async fn take_in(&self, from: &Checkpoint, events: Arc<[RecordedEvent]>) -> Result<(), Hindrance>;
}

/// Why a page was not taken in.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Hindrance {
    /// An event that this program is too old for: the follower stops there, it never skips.
    #[error(transparent)]
    Unreadable(#[from] DecodeError),
    /// What the model keeps ends before the page begins: it would hide what lies between, so it stops there.
    #[error(
        "what it keeps ends before what comes next begins, as if it had been replaced: restart the service"
    )]
    Gap,
    /// It couldn't be kept at present.
    #[error("it can't be kept at present: {0}")]
    Unkept(String),
}

/// Feeds `follower` everything after `from`, until it is dropped or stops.
pub(crate) fn follow<F: Follower>(reader: Arc<dyn Reader>, from: Checkpoint, follower: &Arc<F>) {
    tokio::spawn(feed(reader, from, Arc::downgrade(follower)));
}

async fn feed<F: Follower>(reader: Arc<dyn Reader>, from: Checkpoint, follower: Weak<F>) {
    let mut subscription = Subscription::new(reader, from);
    loop {
        let from = subscription.checkpoint().clone();
        let page = subscription.next().await;
        let Some(follower) = follower.upgrade() else { return };
        let model = follower.name();
        let Ok(events) = page.inspect_err(
            |error| tracing::warn!(model, %error, "the read model can't read the log at present"),
        ) else {
            drop(follower);
            tokio::time::sleep(PAUSE).await;
            continue;
        };
        let events: Arc<[RecordedEvent]> = events.into();
        let mut pause = PAUSE;
        while let Err(hindrance) = follower.take_in(&from, events.clone()).await {
            match hindrance {
                Hindrance::Unreadable(_) | Hindrance::Gap => {
                    tracing::error!(model, error = %hindrance, "the read model stops");
                    return follower.progress().stop(&hindrance.to_string());
                }
                Hindrance::Unkept(_) => {
                    if follower.progress().hindered(Some(hindrance.to_string())) {
                        tracing::error!(model, error = %hindrance, "the read model is stuck; it is tried again");
                    }
                    tokio::time::sleep(pause).await;
                    pause = (pause * 2).min(LONGEST_PAUSE);
                }
            }
        }
        if follower.progress().hindered(None) {
            tracing::info!(model, "the read model goes on");
        }
        follower.progress().advance(subscription.checkpoint());
    }
}

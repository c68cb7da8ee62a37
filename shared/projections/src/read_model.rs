//! A projection that follows the log, and the right to read it not older than a checkpoint.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{RwLock, RwLockReadGuard, watch};
use twostep_domain::DecodeError;
use twostep_event_store::{Checkpoint, ReadError, Reader, RecordedEvent, Subscription};

/// How long a query waits for the model to get there before it fails.
const PATIENCE: Duration = Duration::from_secs(5);

/// How long a model that couldn't read waits before it tries again.
const PAUSE: Duration = Duration::from_millis(200);

/// A fold over the whole log.
pub trait Projection: Send + Sync + 'static {
    /// Its name, for readiness and logs.
    const NAME: &'static str;

    /// Takes one event in.
    ///
    /// # Errors
    /// An event that this program is too old for: the model stops there, it never skips.
    fn apply(&mut self, event: &RecordedEvent) -> Result<(), DecodeError>;
}

/// A projection that follows the log in the background.
pub struct ReadModel<P> {
    state: RwLock<P>,
    progress: watch::Sender<Progress>,
}

#[derive(Clone, Debug)]
enum Progress {
    Following(Checkpoint),
    Stopped(Arc<str>),
}

/// The model can't answer as of the moment asked for: the answer is a refusal, never the past.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Behind {
    /// It has not read that far in time.
    #[error("the {model} read model has not caught up with the log")]
    Late {
        /// Which model.
        model: &'static str,
    },
    /// It met an event that it can't read.
    #[error("the {model} read model has stopped: {reason}")]
    Stopped {
        /// Which model.
        model: &'static str,
        /// Why.
        reason: String,
    },
}

/// Tells whoever waits that a model took something in.
pub struct News(watch::Receiver<Progress>);

impl News {
    /// Returns once something was taken in since the last call, or since this was made; never, where the model is gone.
    pub async fn arrived(&mut self) {
        if self.0.changed().await.is_err() {
            std::future::pending().await
        }
    }
}

impl<P: Projection> ReadModel<P> {
    /// Starts to follow `reader` from the first event; runs until the model is dropped.
    pub fn follow(reader: Arc<dyn Reader>, empty: P) -> Arc<Self> {
        let progress = watch::Sender::new(Progress::Following(Checkpoint::start()));
        let model = Arc::new(Self { state: RwLock::new(empty), progress });
        let follower = Arc::downgrade(&model);
        tokio::spawn(async move {
            let mut subscription = Subscription::new(reader, Checkpoint::start());
            loop {
                match subscription.next().await {
                    Ok(events) => {
                        let Some(model) = follower.upgrade() else { return };
                        if model.take_in(&events, subscription.checkpoint()).await.is_err() {
                            return;
                        }
                    }
                    Err(error) => {
                        if follower.strong_count() == 0 {
                            return;
                        }
                        Self::pause(&error).await;
                    }
                }
            }
        });
        model
    }

    async fn pause(error: &ReadError) {
        tracing::warn!(model = P::NAME, %error, "the read model can't read the log at present");
        tokio::time::sleep(PAUSE).await;
    }

    async fn take_in(&self, events: &[RecordedEvent], checkpoint: &Checkpoint) -> Result<(), ()> {
        let mut state = self.state.write().await;
        for event in events {
            if let Err(error) = state.apply(event) {
                tracing::error!(model = P::NAME, stream = %event.stream(), %error, "the read model stops");
                self.progress.send_replace(Progress::Stopped(error.to_string().into()));
                return Err(());
            }
        }
        drop(state);
        self.progress.send_replace(Progress::Following(checkpoint.clone()));
        Ok(())
    }

    /// The model, once it has seen everything up to `least`.
    ///
    /// # Errors
    /// [`Behind`], when it doesn't get there within 5 s or has stopped.
    pub async fn at(&self, least: &Checkpoint) -> Result<RwLockReadGuard<'_, P>, Behind> {
        let late = |_| Behind::Late { model: P::NAME };
        tokio::time::timeout(PATIENCE, self.reached(least)).await.map_err(late)??;
        Ok(self.state.read().await)
    }

    /// Waits, however long it takes, until the model has seen everything up to `least`.
    ///
    /// # Errors
    /// [`Behind::Stopped`].
    pub async fn reached(&self, least: &Checkpoint) -> Result<(), Behind> {
        let mut progress = self.progress.subscribe();
        let arrived = progress.wait_for(|progress| match progress {
            Progress::Following(checkpoint) => checkpoint.covers(least),
            Progress::Stopped(_) => true,
        });
        match arrived.await.as_deref() {
            Ok(Progress::Following(_)) => Ok(()),
            Ok(Progress::Stopped(reason)) => {
                Err(Behind::Stopped { model: P::NAME, reason: reason.to_string() })
            }
            // The sender is ours: it outlives this call.
            Err(_) => Err(Behind::Late { model: P::NAME }),
        }
    }

    /// What the model takes in from now on.
    #[must_use]
    pub fn news(&self) -> News {
        News(self.progress.subscribe())
    }

    /// Why the model has stopped, if it has.
    #[must_use]
    pub fn stopped(&self) -> Option<String> {
        match &*self.progress.borrow() {
            Progress::Following(_) => None,
            Progress::Stopped(reason) => Some(reason.to_string()),
        }
    }

    /// How far the model has read.
    #[must_use]
    pub fn checkpoint(&self) -> Option<Checkpoint> {
        match &*self.progress.borrow() {
            Progress::Following(checkpoint) => Some(checkpoint.clone()),
            Progress::Stopped(_) => None,
        }
    }
}

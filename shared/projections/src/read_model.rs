//! A projection in memory that follows the log, and the right to read it not older than a checkpoint.

use std::sync::Arc;

use async_trait::async_trait;
use tokio::sync::{Mutex, RwLock, RwLockReadGuard};
use twostep_domain::DecodeError;
use twostep_event_store::{Checkpoint, Reader, RecordedEvent};

use crate::follower::{Follower, Hindrance, follow};
use crate::progress::{Behind, News, Progress};

/// A fold over the whole log, beginning with its default.
pub trait Projection: Default + PartialEq + Send + Sync + 'static {
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
    pub(crate) reader: Arc<dyn Reader>,
    pub(crate) state: RwLock<Folded<P>>,
    pub(crate) progress: Progress,
    /// Held by whoever rebuilds the model.
    pub(crate) rebuilding: Mutex<()>,
}

/// What the log up to a checkpoint adds up to.
pub(crate) struct Folded<P> {
    pub(crate) value: P,
    pub(crate) checkpoint: Checkpoint,
}

impl<P: Projection> Folded<P> {
    pub(crate) fn new() -> Self {
        Self { value: P::default(), checkpoint: Checkpoint::start() }
    }

    /// Takes `event` in, if it isn't yet.
    pub(crate) fn apply(&mut self, event: &RecordedEvent) -> Result<(), DecodeError> {
        if self.checkpoint.includes(event.position) {
            return Ok(());
        }
        self.value.apply(event)?;
        self.checkpoint.advance(event.position);
        Ok(())
    }
}

#[async_trait]
impl<P: Projection> Follower for ReadModel<P> {
    fn name(&self) -> &'static str {
        P::NAME
    }

    fn progress(&self) -> &Progress {
        &self.progress
    }

    async fn take_in(&self, _from: &Checkpoint, events: Arc<[RecordedEvent]>) -> Result<(), Hindrance> {
        let mut state = self.state.write().await;
        Ok(events.iter().try_for_each(|event| state.apply(event))?)
    }
}

impl<P: Projection> ReadModel<P> {
    /// Starts to follow `reader` from the first event; runs until the model is dropped.
    pub fn follow(reader: Arc<dyn Reader>) -> Arc<Self> {
        let start = Checkpoint::start();
        let state = RwLock::new(Folded::new());
        let progress = Progress::new(P::NAME, start.clone());
        let model = Arc::new(Self { reader: reader.clone(), state, progress, rebuilding: Mutex::default() });
        follow(reader, start, &model);
        model
    }

    /// The model, once it has seen everything up to `least`.
    ///
    /// # Errors
    /// [`Behind`], when it doesn't get there within 5 s or has stopped.
    pub async fn at(&self, least: &Checkpoint) -> Result<RwLockReadGuard<'_, P>, Behind> {
        self.progress.in_time(least).await?;
        Ok(RwLockReadGuard::map(self.state.read().await, |state| &state.value))
    }

    /// Waits, however long it takes, until the model has seen everything up to `least`.
    ///
    /// # Errors
    /// [`Behind::Stopped`].
    pub async fn reached(&self, least: &Checkpoint) -> Result<(), Behind> {
        self.progress.reached(least).await
    }

    /// What the model takes in from now on.
    #[must_use]
    pub fn news(&self) -> News {
        self.progress.news()
    }

    /// Why the model has stopped, if it has.
    #[must_use]
    pub fn stopped(&self) -> Option<String> {
        self.progress.stopped()
    }

    /// How far the model has read.
    #[must_use]
    pub fn checkpoint(&self) -> Option<Checkpoint> {
        self.progress.checkpoint()
    }
}

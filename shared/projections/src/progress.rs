//! How far something that follows the log has got, and waiting for it.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;
use twostep_event_store::Checkpoint;

/// How long a query waits for a model to get there before it fails.
const PATIENCE: Duration = Duration::from_secs(5);

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
pub struct News(watch::Receiver<Reached>);

impl News {
    /// Returns once something was taken in since the last call, or since this was made; never, where the model is gone.
    pub async fn arrived(&mut self) {
        if self.0.changed().await.is_err() {
            std::future::pending().await
        }
    }
}

#[derive(Clone, Debug)]
enum Reached {
    Upto(Checkpoint),
    Stopped(Arc<str>),
}

/// How far the model called `name` has got.
pub(crate) struct Progress {
    model: &'static str,
    reached: watch::Sender<Reached>,
    /// What keeps it from going on at present.
    pub(crate) hindrance: watch::Sender<Option<String>>,
}

impl Progress {
    pub(crate) fn new(model: &'static str, from: Checkpoint) -> Self {
        let (reached, hindrance) = (watch::Sender::new(Reached::Upto(from)), watch::Sender::new(None));
        Self { model, reached, hindrance }
    }

    /// Says that everything up to `checkpoint` was taken in; never takes back what it said before.
    pub(crate) fn advance(&self, checkpoint: &Checkpoint) {
        self.reached.send_if_modified(|reached| {
            let further = matches!(&*reached, Reached::Upto(known) if checkpoint.covers(known));
            if further {
                *reached = Reached::Upto(checkpoint.clone());
            }
            further
        });
    }

    /// Says what keeps the model from going on at present, or that nothing does; whether that is new.
    pub(crate) fn hindered(&self, by: Option<String>) -> bool {
        self.hindrance.send_if_modified(|known| {
            let new = known.is_some() != by.is_some();
            *known = by;
            new
        })
    }

    /// What keeps the model from going on, for now or for good.
    pub(crate) fn hindrance(&self) -> Option<String> {
        self.stopped().or_else(|| self.hindrance.borrow().clone())
    }

    pub(crate) fn stop(&self, reason: &str) {
        self.reached.send_replace(Reached::Stopped(reason.into()));
    }

    /// Waits, for 5 s at most, until everything up to `least` was taken in.
    pub(crate) async fn in_time(&self, least: &Checkpoint) -> Result<(), Behind> {
        let late = |_| Behind::Late { model: self.model };
        tokio::time::timeout(PATIENCE, self.reached(least)).await.map_err(late)?
    }

    /// Waits, however long it takes, until everything up to `least` was taken in.
    pub(crate) async fn reached(&self, least: &Checkpoint) -> Result<(), Behind> {
        let mut progress = self.reached.subscribe();
        let arrived = progress.wait_for(|reached| match reached {
            Reached::Upto(checkpoint) => checkpoint.covers(least),
            Reached::Stopped(_) => true,
        });
        match arrived.await.as_deref() {
            Ok(Reached::Upto(_)) => Ok(()),
            Ok(Reached::Stopped(reason)) => {
                Err(Behind::Stopped { model: self.model, reason: reason.to_string() })
            }
            // The sender is ours: it outlives this call.
            Err(_) => Err(Behind::Late { model: self.model }),
        }
    }

    pub(crate) fn news(&self) -> News {
        News(self.reached.subscribe())
    }

    pub(crate) fn stopped(&self) -> Option<String> {
        match &*self.reached.borrow() {
            Reached::Upto(_) => None,
            Reached::Stopped(reason) => Some(reason.to_string()),
        }
    }

    pub(crate) fn checkpoint(&self) -> Option<Checkpoint> {
        match &*self.reached.borrow() {
            Reached::Upto(checkpoint) => Some(checkpoint.clone()),
            Reached::Stopped(_) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hindrance_is_news_once_however_often_it_is_met() {
        let progress = Progress::new("index", Checkpoint::start());
        let met = || progress.hindered(Some("the disk is full".to_owned()));
        assert_eq!(
            [met(), met(), progress.hindered(None), progress.hindered(None)],
            [true, false, true, false]
        );
    }
}

//! Building a read model anew beside the live one, which answers all the while, and comparing the two.

use twostep_domain::DecodeError;
use twostep_event_store::{Checkpoint, ReadError};

use crate::ReadModel;
use crate::read_model::{Folded, Projection};

/// Events read at a time.
pub(crate) const PAGE: usize = 512;

/// How often the rebuilt model catches up with the live one before that one stands still: the first pass reads the log,
/// the second what came meanwhile.
pub(crate) const PASSES: usize = 2;

/// What a rebuild found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rebuilt {
    /// Which model.
    pub model: &'static str,
    /// Whether the live model was what the log adds up to. It is now, in any case.
    pub same: bool,
}

/// Why there is no rebuilt model; the live one goes on.
#[derive(Debug, thiserror::Error)]
pub enum RebuildError {
    /// The model is being rebuilt already.
    #[error("the {model} is being rebuilt already: wait until that has ended")]
    Underway {
        /// Which model.
        model: &'static str,
    },
    /// The log can't be read at present.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// The log holds an event that this program is too old for.
    #[error(transparent)]
    Unreadable(#[from] DecodeError),
    /// There is no place for the rebuilt one, or the two can't be compared.
    #[error("the {model} can't be kept: {reason}")]
    Unkept {
        /// Which model.
        model: &'static str,
        /// Why.
        reason: String,
    },
}

impl<P: Projection> ReadModel<P> {
    /// Folds the whole log into an empty model beside this one, compares the two at the same checkpoint, and puts the
    /// new one in its place.
    ///
    /// # Errors
    /// [`RebuildError`]; the live model goes on, with what it took in meanwhile.
    pub async fn rebuild(&self) -> Result<Rebuilt, RebuildError> {
        let _only = self.rebuilding.try_lock().map_err(|_| RebuildError::Underway { model: P::NAME })?;
        let mut beside = Folded::<P>::new();
        // Nearly everything is read while the live model answers; only the last stretch while it stands still.
        for _ in 0..PASSES {
            let live = self.state.read().await.checkpoint.clone();
            self.read_to(&mut beside, &live).await?;
        }
        let mut live = self.state.write().await;
        self.read_to(&mut beside, &live.checkpoint).await?;
        self.level(&mut live, &mut beside).await?;
        let same = live.value == beside.value;
        let replaced = std::mem::replace(&mut *live, beside);
        self.progress.advance(&live.checkpoint);
        drop(live);
        drop(replaced);
        if !same {
            tracing::error!(model = P::NAME, "the read model was not what the log adds up to; it is now");
        }
        Ok(Rebuilt { model: P::NAME, same })
    }

    /// Reads on until `beside` has seen what `target` has, or a little more.
    async fn read_to(&self, beside: &mut Folded<P>, target: &Checkpoint) -> Result<(), RebuildError> {
        while !beside.checkpoint.covers(target) {
            for event in self.reader.read(&beside.checkpoint, PAGE).await? {
                beside.apply(&event)?;
            }
        }
        Ok(())
    }

    /// Brings `live` to where `beside` is, which is there or further on; what came meanwhile goes to both.
    async fn level(&self, live: &mut Folded<P>, beside: &mut Folded<P>) -> Result<(), RebuildError> {
        while live.checkpoint != beside.checkpoint {
            for event in self.reader.read(&live.checkpoint, PAGE).await? {
                live.apply(&event)?;
                beside.apply(&event)?;
            }
        }
        Ok(())
    }
}

//! Folds kept in memory: disposable, each is brought up to date from the log before it is used.

use std::any::Any;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use twostep_domain::Aggregate;
use twostep_event_store::StreamId;

use super::Fold;

/// How many folds are kept, of streams that hold something and of empty ones.
pub(super) const CAPACITY: usize = 10_000;

/// The latest folds by stream.
///
/// That a stream is empty is remembered, too, so that somebody unknown costs the look-ups of somebody known (S13); and
/// apart, so that nobody pushes out the folds of streams that there are by naming ever more that there are not.
#[derive(Default)]
pub(super) struct Folds {
    filled: Mutex<Kept>,
    empty: Mutex<Kept>,
}

#[derive(Default)]
struct Kept {
    folds: HashMap<StreamId, Entry>,
    uses: u64,
}

struct Entry {
    fold: Arc<dyn Any + Send + Sync>,
    used: u64,
}

impl Folds {
    pub(super) fn get<A: Aggregate>(&self, stream: &StreamId) -> Option<Arc<Fold<A>>> {
        let kept = locked(&self.filled).get(stream).or_else(|| locked(&self.empty).get(stream));
        kept?.downcast().ok()
    }

    pub(super) fn put<A: Aggregate>(&self, stream: &StreamId, fold: Arc<Fold<A>>) {
        let mut filled = locked(&self.filled);
        if fold.revision().is_some() {
            filled.put(stream, fold);
            // Else it would be found empty, and its snapshot not asked, once it is pushed out here.
            locked(&self.empty).folds.remove(stream);
        } else if !filled.folds.contains_key(stream) {
            locked(&self.empty).put(stream, fold);
        }
    }
}

impl Kept {
    fn get(&mut self, stream: &StreamId) -> Option<Arc<dyn Any + Send + Sync>> {
        self.uses += 1;
        let entry = self.folds.get_mut(stream)?;
        entry.used = self.uses;
        Some(entry.fold.clone())
    }

    fn put(&mut self, stream: &StreamId, fold: Arc<dyn Any + Send + Sync>) {
        self.uses += 1;
        let used = self.uses;
        if self.folds.len() >= CAPACITY && !self.folds.contains_key(stream) {
            let oldest_half = used.saturating_sub(CAPACITY as u64 / 2);
            self.folds.retain(|_, entry| entry.used > oldest_half);
        }
        self.folds.insert(stream.clone(), Entry { fold, used });
    }
}

fn locked(kept: &Mutex<Kept>) -> MutexGuard<'_, Kept> {
    kept.lock().unwrap_or_else(PoisonError::into_inner)
}

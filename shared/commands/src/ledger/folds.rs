//! Folds kept in memory: disposable, each is brought up to date from the log before it is used.

use std::any::Any;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use twostep_domain::Aggregate;
use twostep_event_store::StreamId;

use super::Fold;

/// How many folds are kept.
const CAPACITY: usize = 10_000;

/// The latest folds by stream.
#[derive(Default)]
pub(super) struct Folds(Mutex<Kept>);

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
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.uses += 1;
        let used = kept.uses;
        let entry = kept.folds.get_mut(stream)?;
        entry.used = used;
        entry.fold.clone().downcast().ok()
    }

    pub(super) fn put<A: Aggregate>(&self, stream: &StreamId, fold: Arc<Fold<A>>) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.uses += 1;
        let used = kept.uses;
        if kept.folds.len() >= CAPACITY && !kept.folds.contains_key(stream) {
            let oldest_half = used.saturating_sub(CAPACITY as u64 / 2);
            kept.folds.retain(|_, entry| entry.used > oldest_half);
        }
        kept.folds.insert(stream.clone(), Entry { fold, used });
    }
}

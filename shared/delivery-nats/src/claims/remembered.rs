//! The claims of this process's own workers, as they were written last: what nobody else changed needn't be read again.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use chrono::TimeDelta;
use twostep_domain::Time;

use super::Entry;

/// So many claims in hand are more than any worker has.
const MANY: usize = 1_000;

/// By key: the revision, and what was written with it.
#[derive(Default)]
pub(crate) struct Remembered {
    claims: Mutex<HashMap<String, (u64, Entry)>>,
}

impl Remembered {
    /// Keeps a claim until it is asked for; what was never asked for is forgotten once its holder counts as gone.
    pub(super) fn keep(&self, key: &str, revision: u64, entry: Entry, patience: TimeDelta) {
        let mut claims = self.claims.lock().unwrap_or_else(PoisonError::into_inner);
        if claims.len() >= MANY {
            let now: Time = entry.touched;
            claims.retain(|_, (_, other)| now - other.touched < patience);
        }
        claims.insert(key.to_owned(), (revision, entry));
    }

    /// A claim as it was written last, if it is `worker`'s; it is forgotten here.
    pub(super) fn take(&self, key: &str, worker: &str) -> Option<(u64, Entry)> {
        let taken = self.claims.lock().unwrap_or_else(PoisonError::into_inner).remove(key);
        taken.filter(|(_, entry)| entry.is_held_by(worker))
    }
}

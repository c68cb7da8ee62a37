//! Unwrapped keys in memory: bounded, the least recently used go first, cleared when dropped.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};

use zeroize::Zeroizing;

use crate::KeyClass;

/// An unwrapped key. Whoever works with it holds it; the last one to let go clears it.
pub(crate) type DataKey = Arc<Zeroizing<[u8; 32]>>;

/// The keys in use.
pub(crate) struct KeyCache {
    entries: RwLock<HashMap<KeyClass, Entry>>,
    tick: AtomicU64,
    capacity: usize,
}

struct Entry {
    key: DataKey,
    used: AtomicU64,
}

impl KeyCache {
    pub(crate) fn new(capacity: usize) -> Self {
        Self { entries: RwLock::default(), tick: AtomicU64::new(0), capacity }
    }

    pub(crate) fn get(&self, class: &KeyClass) -> Option<DataKey> {
        let entries = self.entries.read().unwrap_or_else(PoisonError::into_inner);
        let entry = entries.get(class)?;
        entry.used.store(self.next_tick(), Ordering::Relaxed);
        Some(entry.key.clone())
    }

    pub(crate) fn put(&self, class: KeyClass, key: DataKey) {
        let mut entries = self.entries.write().unwrap_or_else(PoisonError::into_inner);
        if entries.len() >= self.capacity && !entries.contains_key(&class) {
            Self::make_room(&mut entries, self.capacity);
        }
        entries.insert(class, Entry { key, used: AtomicU64::new(self.next_tick()) });
    }

    pub(crate) fn remove(&self, class: &KeyClass) {
        self.entries.write().unwrap_or_else(PoisonError::into_inner).remove(class);
    }

    /// Drops the older tenth at once, so that a full cache doesn't sort at every miss.
    fn make_room(entries: &mut HashMap<KeyClass, Entry>, capacity: usize) {
        let mut ages: Vec<u64> = entries.values().map(|entry| entry.used.load(Ordering::Relaxed)).collect();
        let oldest = (capacity / 10).min(ages.len().saturating_sub(1));
        let (_, &mut limit, _) = ages.select_nth_unstable(oldest);
        entries.retain(|_, entry| entry.used.load(Ordering::Relaxed) > limit);
    }

    fn next_tick(&self) -> u64 {
        self.tick.fetch_add(1, Ordering::Relaxed)
    }
}

#[cfg(test)]
mod tests {
    use twostep_domain::KeyPeriod;

    use super::*;

    fn class(number: usize) -> KeyClass {
        KeyClass::Code(KeyPeriod(number.to_string()))
    }

    #[test]
    fn it_stays_within_its_capacity_and_keeps_what_is_used() {
        let cache = KeyCache::new(100);
        for number in 0..1_000 {
            cache.put(class(number), Arc::new(Zeroizing::new([0; 32])));
            assert!(cache.get(&class(0)).is_some(), "in use all the time, gone at {number}");
        }
        assert!(cache.entries.read().unwrap().len() <= 100);
        assert!(cache.get(&class(1)).is_none());
        assert!(cache.get(&class(999)).is_some());
        cache.remove(&class(999));
        assert!(cache.get(&class(999)).is_none());
    }
}

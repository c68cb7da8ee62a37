//! A key store in memory, for tests.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::{Change, KeyStore, KeyStoreError, Slot, Wrapped};
use crate::KeyId;

/// Keys that last as long as the process.
#[derive(Default)]
pub struct MemoryKeyStore {
    slots: Mutex<HashMap<KeyId, Slot>>,
}

impl MemoryKeyStore {
    fn slots(&self) -> MutexGuard<'_, HashMap<KeyId, Slot>> {
        self.slots.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl KeyStore for MemoryKeyStore {
    fn get(&self, id: &KeyId) -> Result<Slot, KeyStoreError> {
        Ok(self.slots().get(id).cloned().unwrap_or(Slot::Absent))
    }

    fn insert_if_absent(&self, keys: &[(KeyId, Wrapped)]) -> Result<Vec<Slot>, KeyStoreError> {
        let mut slots = self.slots();
        let put = |(id, wrapped): &(KeyId, Wrapped)| {
            slots.entry(id.clone()).or_insert_with(|| Slot::Live(wrapped.clone())).clone()
        };
        Ok(keys.iter().map(put).collect())
    }

    fn destroy(&self, ids: &[KeyId]) -> Result<(), KeyStoreError> {
        self.slots().extend(ids.iter().map(|id| (id.clone(), Slot::Destroyed)));
        Ok(())
    }

    fn rewrap(&self, change: Change<'_>) -> Result<usize, KeyStoreError> {
        let mut slots = self.slots();
        let mut changed = HashMap::new();
        for (id, slot) in slots.iter() {
            if let Slot::Live(wrapped) = slot {
                let anew = change(id, wrapped).ok_or_else(|| KeyStoreError::unchanged(id))?;
                changed.insert(id.clone(), Slot::Live(anew));
            }
        }
        let count = changed.len();
        slots.extend(changed);
        Ok(count)
    }

    fn list(&self, class: &str) -> Result<Vec<KeyId>, KeyStoreError> {
        let slots = self.slots();
        let live = |(id, slot): (&KeyId, &Slot)| {
            (id.class.name() == class && matches!(slot, Slot::Live(_))).then(|| id.clone())
        };
        Ok(slots.iter().filter_map(live).collect())
    }

    fn is_empty(&self) -> Result<bool, KeyStoreError> {
        Ok(self.slots().is_empty())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_conforms() {
        super::super::conformance::run(|| Box::new(MemoryKeyStore::default()));
    }
}

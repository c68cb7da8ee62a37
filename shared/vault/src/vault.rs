//! The vault itself: opening it, and finding, making and destroying keys.

use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard};

use crate::cache::{DataKey, KeyCache};
use crate::key_store::{KeyStore, KeyStoreError, Slot};
use crate::wrap::{unwrap, wrap};
use crate::{KeyClass, KeyId, MasterKey, random};

/// People whose keys stay unwrapped in memory; each has two.
const CACHED_PEOPLE: usize = 10_000;

/// Keys, and everything that is done with them. Share it in an [`Arc`]; all methods take `&self`.
pub struct Vault {
    pub(crate) store: Box<dyn KeyStore>,
    /// Also the gate between store and cache: whoever destroys keys or wraps them anew holds it for writing.
    /// Otherwise a key that was read just before its destruction could enter the cache just after.
    pub(crate) master: RwLock<MasterKey>,
    cache: KeyCache,
    pub(crate) index: DataKey,
}

/// What exists already when the vault is opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Existing {
    /// A log, or anything else that was sealed: missing keys are a reason to stop.
    Log,
    /// Nothing: keys are made.
    Nothing,
}

/// Why the vault can't be opened or a key can't be had.
#[derive(Debug, thiserror::Error)]
pub enum VaultError {
    /// The keys in the store are wrapped with another master key.
    #[error(
        "the master key doesn't fit this key store: configure the key that its keys were last wrapped with (where \
         `twostep keys rotate` broke off, that is the file beside it whose name ends in .next)"
    )]
    WrongMasterKey,
    /// There are data but no keys.
    #[error(
        "there is a log, but its key store is empty: put the key store back from its backup; no new keys are made"
    )]
    KeysMissing,
    /// There are keys that sealed something but no log.
    #[error(
        "there are keys of people, companies or messages, but no log: put log.db back from its backup; no new log is begun \
         (for a new installation, name an empty data directory)"
    )]
    LogMissing,
    /// A wrapped key doesn't open, although the master key fits.
    #[error("the key {0} in the key store is damaged: put the key store back from its backup")]
    DamagedKey(KeyId),
    /// The keys of this person or company are destroyed: nothing is sealed for them any more.
    #[error("the keys were destroyed")]
    Erased,
    /// A company has no such field, or a person hasn't.
    #[error("this field doesn't belong to this kind of owner")]
    WrongOwner,
    /// The key store failed.
    #[error(transparent)]
    Store(#[from] KeyStoreError),
}

/// What is known of a key.
pub(crate) enum Lookup {
    Key(DataKey),
    Destroyed,
    Absent,
}

impl Vault {
    /// Opens the vault over `store`. An empty store gets its first keys, but only where nothing exists yet.
    ///
    /// # Errors
    /// [`VaultError::WrongMasterKey`], [`VaultError::KeysMissing`], [`VaultError::LogMissing`],
    /// [`VaultError::DamagedKey`] or the store's.
    pub fn open(
        store: impl KeyStore + 'static,
        master: MasterKey,
        existing: Existing,
    ) -> Result<Self, VaultError> {
        let index = match index_key(&store, &master, existing)? {
            Some(index) => index,
            None => {
                let key = |class: KeyClass| (class.first(), wrap(&master, &class.first(), &random::bytes()));
                store.insert_if_absent(&[key(KeyClass::Check), key(KeyClass::Index)])?;
                index_key(&store, &master, existing)?.ok_or(VaultError::KeysMissing)?
            }
        };
        Ok(Self {
            store: Box::new(store),
            master: RwLock::new(master),
            cache: KeyCache::new(2 * CACHED_PEOPLE),
            index,
        })
    }

    /// Whether a vault would open over `store`, which stays as it is.
    ///
    /// # Errors
    /// As [`Self::open`].
    pub fn judge(store: &impl KeyStore, master: &MasterKey, existing: Existing) -> Result<(), VaultError> {
        index_key(store, master, existing).map(drop)
    }

    /// Whether the store can be read at present and holds what the master key opens, whatever is in memory.
    ///
    /// # Errors
    /// [`VaultError::WrongMasterKey`], [`VaultError::DamagedKey`] or the store's.
    pub fn check(&self) -> Result<(), VaultError> {
        let (master, check) = (self.master(), KeyClass::Check.first());
        let Slot::Live(wrapped) = self.store.get(&check)? else { return Err(VaultError::DamagedKey(check)) };
        unwrap(&master, &check, &wrapped).map(drop).ok_or(VaultError::WrongMasterKey)
    }

    /// The key of `class`, if there is one.
    pub(crate) fn find(&self, class: &KeyClass) -> Result<Lookup, VaultError> {
        if let Some(key) = self.cache.get(class) {
            return Ok(Lookup::Key(key));
        }
        let master = self.master();
        let slot = self.store.get(&class.first())?;
        self.keep(&master, class, slot)
    }

    /// The key of `class`, made and durable if there was none; nothing if it was destroyed.
    pub(crate) fn find_or_make(&self, class: &KeyClass) -> Result<Option<DataKey>, VaultError> {
        match self.find(class)? {
            Lookup::Key(key) => return Ok(Some(key)),
            Lookup::Destroyed => return Ok(None),
            Lookup::Absent => {}
        }
        let master = self.master();
        let id = class.first();
        let wrapped = wrap(&master, &id, &random::bytes());
        let slot = self.store.insert_if_absent(&[(id, wrapped)])?.pop().unwrap_or(Slot::Absent);
        match self.keep(&master, class, slot)? {
            Lookup::Key(key) => Ok(Some(key)),
            Lookup::Destroyed | Lookup::Absent => Ok(None),
        }
    }

    fn keep(&self, master: &MasterKey, class: &KeyClass, slot: Slot) -> Result<Lookup, VaultError> {
        let wrapped = match slot {
            Slot::Live(wrapped) => wrapped,
            Slot::Destroyed => return Ok(Lookup::Destroyed),
            Slot::Absent => return Ok(Lookup::Absent),
        };
        let id = class.first();
        let key = unwrap(master, &id, &wrapped).ok_or(VaultError::DamagedKey(id))?;
        self.cache.put(class.clone(), Arc::clone(&key));
        Ok(Lookup::Key(key))
    }

    /// Destroys keys, in the store first and then in memory.
    pub(crate) fn destroy(&self, classes: &[KeyClass]) -> Result<(), VaultError> {
        let _gate = self.master.write().unwrap_or_else(PoisonError::into_inner);
        let ids: Vec<_> = classes.iter().map(KeyClass::first).collect();
        self.store.destroy(&ids)?;
        classes.iter().for_each(|class| self.cache.remove(class));
        Ok(())
    }

    fn master(&self) -> RwLockReadGuard<'_, MasterKey> {
        self.master.read().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The index key in a store that fits the master key and what exists; nothing where the store is new, as it may be.
fn index_key(
    store: &impl KeyStore,
    master: &MasterKey,
    existing: Existing,
) -> Result<Option<DataKey>, VaultError> {
    if store.is_empty()? {
        return if existing == Existing::Log { Err(VaultError::KeysMissing) } else { Ok(None) };
    }
    let (check, index) = (KeyClass::Check.first(), KeyClass::Index.first());
    let Slot::Live(wrapped) = store.get(&check)? else { return Err(VaultError::DamagedKey(check)) };
    unwrap(master, &check, &wrapped).ok_or(VaultError::WrongMasterKey)?;
    // Whoever was cut short between the first keys and the log has sealed nothing yet.
    if existing == Existing::Nothing {
        for class in KeyClass::SEALING {
            if !store.list(class)?.is_empty() {
                return Err(VaultError::LogMissing);
            }
        }
    }
    let Slot::Live(wrapped) = store.get(&index)? else { return Err(VaultError::DamagedKey(index)) };
    unwrap(master, &index, &wrapped).map(Some).ok_or(VaultError::DamagedKey(index))
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use secrecy::ExposeSecret as _;

    use super::*;
    use crate::fixture::{company, master, member, reopen};
    use crate::{Field, MemoryKeyStore, Owner, SqliteKeyStore};

    fn sqlite(directory: &Path) -> SqliteKeyStore {
        SqliteKeyStore::open(&directory.join("keys.db")).unwrap()
    }

    #[test]
    fn s24_a_store_opens_with_its_own_master_key_only() {
        let directory = tempfile::tempdir().unwrap();
        drop(Vault::open(sqlite(directory.path()), master(), Existing::Nothing).unwrap());
        reopen(sqlite(directory.path()));
        let other = Vault::open(sqlite(directory.path()), MasterKey::draw(), Existing::Nothing);
        assert!(matches!(other, Err(VaultError::WrongMasterKey)));
    }

    #[test]
    fn a_log_without_keys_is_refused_and_no_key_is_made() {
        let directory = tempfile::tempdir().unwrap();
        let opened = Vault::open(sqlite(directory.path()), master(), Existing::Log);
        assert!(matches!(opened, Err(VaultError::KeysMissing)));
        assert!(sqlite(directory.path()).is_empty().unwrap());
    }

    #[test]
    fn keys_that_sealed_something_are_refused_without_a_log_and_the_first_ones_are_not() {
        let directory = tempfile::tempdir().unwrap();
        drop(Vault::open(sqlite(directory.path()), master(), Existing::Nothing).unwrap());
        let vault = Vault::open(sqlite(directory.path()), master(), Existing::Nothing).unwrap();
        vault.seal(Owner::Member(company(1), member(1)), Field::Name, "Ana").unwrap();
        drop(vault);
        let opened = Vault::open(sqlite(directory.path()), master(), Existing::Nothing);
        assert!(matches!(opened, Err(VaultError::LogMissing)));
        reopen(sqlite(directory.path()));
    }

    #[test]
    fn a_key_is_durable_before_what_it_sealed_is_returned() {
        let directory = tempfile::tempdir().unwrap();
        let vault = Vault::open(sqlite(directory.path()), master(), Existing::Nothing).unwrap();
        let ana = Owner::Member(company(1), member(1));
        let sealed = vault.seal(ana, Field::Name, "Ana").unwrap();
        let other = reopen(sqlite(directory.path()));
        assert_eq!(other.unseal(ana, Field::Name, &sealed).unwrap().expose_secret(), "Ana");
    }

    #[test]
    fn people_that_many_ask_for_at_once_get_one_key() {
        let directory = tempfile::tempdir().unwrap();
        let first = Vault::open(sqlite(directory.path()), master(), Existing::Nothing).unwrap();
        let vaults = [first, reopen(sqlite(directory.path()))];
        let ana = Owner::Member(company(1), member(1));
        let sealed: Vec<_> = std::thread::scope(|scope| {
            let seal = |vault: &'_ Vault| vault.seal(ana, Field::Name, "Ana").unwrap();
            let vaults = vaults.iter().cycle().take(8);
            let sealers: Vec<_> = vaults.map(|vault| scope.spawn(move || seal(vault))).collect();
            sealers.into_iter().map(|sealer| sealer.join().unwrap()).collect()
        });
        for (vault, sealed) in vaults.iter().cycle().zip(&sealed) {
            assert_eq!(vault.unseal(ana, Field::Name, sealed).unwrap().expose_secret(), "Ana");
        }
    }

    #[test]
    fn s24_a_key_that_is_moved_to_another_owner_does_not_unwrap() {
        let store = MemoryKeyStore::default();
        let [ana, ben] = [1, 2].map(|number| KeyClass::Identity(company(1), member(number)).first());
        let key = |id: &KeyId| (id.clone(), wrap(&master(), id, &[7; 32]));
        let moved = (ben.clone(), key(&ana).1);
        store
            .insert_if_absent(&[
                key(&KeyClass::Check.first()),
                key(&KeyClass::Index.first()),
                key(&ana),
                moved,
            ])
            .unwrap();
        let vault = reopen(store);
        assert!(vault.find(&ana.class).is_ok());
        assert!(matches!(vault.find(&ben.class), Err(VaultError::DamagedKey(id)) if id == ben));
    }
}

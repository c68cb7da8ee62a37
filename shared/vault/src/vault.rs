//! The vault itself: opening it, and finding, making and destroying keys.

use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard};

use twostep_domain::delivery::Channel;
use twostep_domain::{CompanyId, MemberId, Time};
use zeroize::Zeroizing;

use crate::cache::{DataKey, KeyCache};
use crate::frame::frame;
use crate::key_store::{KeyStore, KeyStoreError, Slot, Wrapped};
use crate::period::Life;
use crate::{KeyClass, KeyId, MasterKey, aead, random};

/// People whose keys stay unwrapped in memory; each has two.
const CACHED_PEOPLE: usize = 10_000;

/// Keys, and everything that is done with them. Share it in an [`Arc`]; all methods take `&self`.
pub struct Vault {
    store: Box<dyn KeyStore>,
    /// Also the gate between store and cache: whoever destroys keys or wraps them anew holds it for writing.
    /// Otherwise a key that was read just before its destruction could enter the cache just after.
    master: RwLock<MasterKey>,
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
    /// The key store was made under another master key.
    #[error("the master key doesn't fit this key store: configure the key that the store was made with")]
    WrongMasterKey,
    /// There are data but no keys.
    #[error(
        "there is a log, but its key store is empty: put the key store back from its backup; no new keys are made"
    )]
    KeysMissing,
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

/// A channel's key, to be given to its worker and to whoever seals for it. It can't be printed or compared.
pub struct ChannelSecret {
    id: String,
    key: DataKey,
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
    /// [`VaultError::WrongMasterKey`], [`VaultError::KeysMissing`], [`VaultError::DamagedKey`] or the store's.
    pub fn open(
        store: impl KeyStore + 'static,
        master: MasterKey,
        existing: Existing,
    ) -> Result<Self, VaultError> {
        let (check, index) = (KeyClass::Check.first(), KeyClass::Index.first());
        if store.is_empty()? {
            if existing == Existing::Log {
                return Err(VaultError::KeysMissing);
            }
            let key = |id: &KeyId| (id.clone(), wrap(&master, id, &random::bytes()));
            store.insert_if_absent(&[key(&check), key(&index)])?;
        }
        let Slot::Live(wrapped) = store.get(&check)? else { return Err(VaultError::DamagedKey(check)) };
        unwrap(&master, &check, &wrapped).ok_or(VaultError::WrongMasterKey)?;
        let Slot::Live(wrapped) = store.get(&index)? else { return Err(VaultError::DamagedKey(index)) };
        let index = unwrap(&master, &index, &wrapped).ok_or(VaultError::DamagedKey(index))?;
        Ok(Self {
            store: Box::new(store),
            master: RwLock::new(master),
            cache: KeyCache::new(2 * CACHED_PEOPLE),
            index,
        })
    }

    /// Makes the keys of `people` durable in one write, before an import seals for them one by one.
    ///
    /// # Errors
    /// The store's.
    pub fn prepare(&self, people: &[(CompanyId, MemberId)]) -> Result<(), VaultError> {
        let both = |&(company, member): &(CompanyId, MemberId)| {
            [KeyClass::Identity(company, member), KeyClass::Secret(company, member)]
        };
        let master = self.master();
        let key = |class: KeyClass| (class.first(), wrap(&master, &class.first(), &random::bytes()));
        let keys: Vec<_> = people.iter().flat_map(both).map(key).collect();
        self.store.insert_if_absent(&keys)?;
        Ok(())
    }

    /// Destroys both keys of a person: what was sealed for them is unreadable for ever, here and in every copy of
    /// the log. Durable when this returns, also for somebody who has no keys yet; may be repeated.
    ///
    /// Blocks for the time of a few durable writes: call it where blocking is fine. Every replica that holds
    /// the keys in memory calls it too, when it sees the erasure's event.
    ///
    /// # Errors
    /// The store's: the person must be taken as not erased yet.
    pub fn erase(&self, company: CompanyId, member: MemberId) -> Result<(), VaultError> {
        self.destroy(&[KeyClass::Identity(company, member), KeyClass::Secret(company, member)])
    }

    /// Destroys the code keys older than their day and 48 h, and the link keys older than their month, the
    /// longest life of a link and 48 h. Returns how many.
    ///
    /// # Errors
    /// The store's.
    pub fn destroy_expired(&self, now: Time) -> Result<usize, VaultError> {
        let over = |class: &KeyClass| {
            let life = match class {
                KeyClass::Code(day) => Life::of_code_key(day),
                KeyClass::Link(month) => Life::of_link_key(month),
                _ => None,
            };
            life.is_some_and(|life| life.is_over(now))
        };
        let listed = [self.store.list(KeyClass::CODE)?, self.store.list(KeyClass::LINK)?].concat();
        let expired: Vec<_> = listed.into_iter().map(|id| id.class).filter(over).collect();
        if !expired.is_empty() {
            self.destroy(&expired)?;
        }
        Ok(expired.len())
    }

    /// The key of `channel`, made at its first use.
    ///
    /// # Errors
    /// The store's.
    pub fn channel_key(&self, channel: Channel) -> Result<ChannelSecret, VaultError> {
        let class = KeyClass::Channel(channel);
        let key = self.find_or_make(&class)?.ok_or(VaultError::Erased)?;
        Ok(ChannelSecret { id: format!("{}-{}", channel.as_str(), class.first().version), key })
    }

    /// Wraps every key with `new` in place of the master key so far, while the vault goes on working (S24); what
    /// is sealed stays as it is. In one durable write: afterwards only `new` opens the store.
    ///
    /// # Errors
    /// [`VaultError::DamagedKey`] or the store's; then nothing has changed.
    pub fn rewrap(&self, new: MasterKey) -> Result<usize, VaultError> {
        let mut master = self.master.write().unwrap_or_else(PoisonError::into_inner);
        let mut damaged = None;
        let count = self.store.rewrap(&mut |id, wrapped| {
            let key = unwrap(&master, id, wrapped);
            if key.is_none() {
                damaged = Some(id.clone());
            }
            key.map(|key| wrap(&new, id, &key))
        });
        if let Some(id) = damaged {
            return Err(VaultError::DamagedKey(id));
        }
        let count = count?;
        *master = new;
        Ok(count)
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

    fn destroy(&self, classes: &[KeyClass]) -> Result<(), VaultError> {
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

impl ChannelSecret {
    /// The key's name on messages.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The key.
    #[must_use]
    pub fn expose(&self) -> &[u8; 32] {
        &self.key
    }
}

fn wrap(master: &MasterKey, id: &KeyId, key: &[u8; 32]) -> Wrapped {
    aead::encrypt(&wrapping_key(master, id), &wrapped_for(id), key)
}

fn unwrap(master: &MasterKey, id: &KeyId, wrapped: &[u8]) -> Option<DataKey> {
    let plain = aead::decrypt(&wrapping_key(master, id), &wrapped_for(id), wrapped)?;
    let key = <[u8; 32]>::try_from(plain.as_slice()).ok()?;
    Some(Arc::new(Zeroizing::new(key)))
}

/// One wrapping key per class: whoever is given one opens no other class.
fn wrapping_key(master: &MasterKey, id: &KeyId) -> Zeroizing<[u8; 32]> {
    master.derive(&format!("wrap/{}", id.class.name()))
}

fn wrapped_for(id: &KeyId) -> Vec<u8> {
    let (class, owner) = (id.class.name(), id.class.owner());
    frame("twostep/wrap/v1", &[class.as_bytes(), owner.as_bytes(), &id.version.to_be_bytes()])
}

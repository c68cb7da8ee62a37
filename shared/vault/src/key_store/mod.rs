//! The key-store port: where wrapped keys rest, and where they are destroyed.

mod backup;
pub mod conformance;
mod memory;
mod sqlite;

pub use memory::MemoryKeyStore;
pub use sqlite::SqliteKeyStore;

use crate::KeyId;

/// A key, encrypted by the master key: opaque to the store.
pub type Wrapped = Vec<u8>;

/// What the store knows of a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Slot {
    /// It is here.
    Live(Wrapped),
    /// It was destroyed and must not be made again.
    Destroyed,
    /// It was never made.
    Absent,
}

/// A key, wrapped anew; nothing if that can't be done.
pub type Change<'a> = &'a mut dyn FnMut(&KeyId, &[u8]) -> Option<Wrapped>;

/// Where wrapped keys rest. Calls are short and block: one row, at most one durable write.
pub trait KeyStore: Send + Sync {
    /// What is known of `id`.
    ///
    /// # Errors
    /// The store can't be read.
    fn get(&self, id: &KeyId) -> Result<Slot, KeyStoreError>;

    /// Puts each key where none was, all in one durable write; then says what is there, in the same order: the
    /// key given here, somebody else's who was first, or [`Slot::Destroyed`].
    ///
    /// # Errors
    /// Nothing is known to be durable.
    fn insert_if_absent(&self, keys: &[(KeyId, Wrapped)]) -> Result<Vec<Slot>, KeyStoreError>;

    /// Destroys the keys for good, in one durable write: their bytes are in no file of the store afterwards, and
    /// [`Slot::Destroyed`] stays in their place, also where there was none.
    ///
    /// # Errors
    /// Nothing is known to be destroyed.
    fn destroy(&self, ids: &[KeyId]) -> Result<(), KeyStoreError>;

    /// Puts `change` of every live key in its place, all in one durable write, and says how many there were.
    ///
    /// # Errors
    /// `change` gave nothing for one of them, or nothing is known to be durable; then nothing has changed.
    fn rewrap(&self, change: Change<'_>) -> Result<usize, KeyStoreError>;

    /// The live keys of the class called `class` (see [`crate::KeyClass::name`]).
    ///
    /// # Errors
    /// The store can't be read.
    fn list(&self, class: &str) -> Result<Vec<KeyId>, KeyStoreError>;

    /// Whether nothing was ever put here.
    ///
    /// # Errors
    /// The store can't be read.
    fn is_empty(&self) -> Result<bool, KeyStoreError>;
}

/// The key store doesn't work: nothing may go on as if it did (S30).
#[derive(Debug, thiserror::Error)]
#[error(
    "the key store failed: {doing}; see that keys.db is in the data directory, readable, whole, and with room to grow"
)]
pub struct KeyStoreError {
    /// What we were doing.
    pub doing: &'static str,
    /// Why it failed.
    pub source: Box<dyn std::error::Error + Send + Sync>,
}

impl KeyStoreError {
    /// What a store says when a [`Change`] gave nothing for `id`.
    pub(crate) fn unchanged(id: &KeyId) -> Self {
        Self { doing: "wrapping keys anew", source: format!("the key {id} does not open").into() }
    }
}

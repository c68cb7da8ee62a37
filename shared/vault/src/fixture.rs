//! What the tests of this crate start from.

use twostep_domain::{CompanyId, MemberId, Time};
use uuid::Uuid;

use crate::{Existing, KeyStore, MasterKey, MemoryKeyStore, Vault};

pub(crate) fn vault() -> Vault {
    Vault::open(MemoryKeyStore::default(), MasterKey::draw(), Existing::Nothing).unwrap()
}

/// The master key of all tests that open a store twice.
pub(crate) fn master() -> MasterKey {
    MasterKey::from_text(&"0123456789abcdef".repeat(4)).unwrap()
}

pub(crate) fn reopen(store: impl KeyStore + 'static) -> Vault {
    Vault::open(store, master(), Existing::Log).unwrap()
}

pub(crate) fn company(number: u128) -> CompanyId {
    CompanyId(Uuid::from_u128(number))
}

pub(crate) fn member(number: u128) -> MemberId {
    MemberId(Uuid::from_u128(number))
}

pub(crate) fn at(text: &str) -> Time {
    text.parse().unwrap()
}

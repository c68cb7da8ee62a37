//! The last part of an erasure: the keys.

use std::sync::Arc;

use twostep_domain::{CompanyId, MemberId};
use twostep_vault::Vault;

use crate::Fault;

/// Destroys both keys of a person, on a thread that may block.
///
/// # Errors
/// They may still be there; whoever follows the log tries again.
pub(crate) async fn destroy_keys(
    vault: Arc<Vault>,
    company: CompanyId,
    member: MemberId,
) -> Result<(), Fault> {
    Ok(tokio::task::spawn_blocking(move || vault.erase(company, member)).await??)
}

#[cfg(test)]
mod tests {
    use twostep_vault::key_store::{Change, Slot, Wrapped};
    use twostep_vault::{Existing, KeyId, KeyStore, KeyStoreError, MasterKey, MemoryKeyStore};
    use uuid::Uuid;

    use super::*;

    /// A store whose destroying hand breaks.
    #[derive(Default)]
    struct Breaking(MemoryKeyStore);

    impl KeyStore for Breaking {
        fn get(&self, id: &KeyId) -> Result<Slot, KeyStoreError> {
            self.0.get(id)
        }

        fn insert_if_absent(&self, keys: &[(KeyId, Wrapped)]) -> Result<Vec<Slot>, KeyStoreError> {
            self.0.insert_if_absent(keys)
        }

        fn destroy(&self, _: &[KeyId]) -> Result<(), KeyStoreError> {
            panic!("the store breaks");
        }

        fn rewrap(&self, change: Change<'_>) -> Result<usize, KeyStoreError> {
            self.0.rewrap(change)
        }

        fn list(&self, class: &str) -> Result<Vec<KeyId>, KeyStoreError> {
            self.0.list(class)
        }

        fn is_empty(&self) -> Result<bool, KeyStoreError> {
            self.0.is_empty()
        }
    }

    #[tokio::test]
    async fn keys_that_may_still_be_there_are_a_fault_and_nothing_that_is_not_found() {
        let vault = Vault::open(Breaking::default(), MasterKey::draw(), Existing::Nothing).unwrap();
        let (company, member) = (CompanyId(Uuid::nil()), MemberId(Uuid::nil()));
        let destroyed = destroy_keys(Arc::new(vault), company, member).await;
        assert!(matches!(destroyed, Err(Fault::BrokeOff(_))), "{destroyed:?}");
    }
}

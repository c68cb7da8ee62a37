//! Another master key, handed to a vault that works by whoever holds the present one.

use std::sync::PoisonError;

use data_encoding::HEXLOWER;

use crate::frame::frame;
use crate::wrap::{unwrap, wrap};
use crate::{MasterKey, Vault, VaultError, aead};

/// The one use of the key that seals the next one on its way.
const LABEL: &str = "twostep/rotation/v1";

impl MasterKey {
    /// `next`, sealed with this key for the answer to one challenge, in lowercase hexadecimal. Whoever can seal it so
    /// holds this key; whoever overhears it learns neither.
    #[must_use]
    pub fn hand_over(&self, next: &Self, challenge: &str) -> String {
        HEXLOWER.encode(&aead::encrypt(&self.derive(LABEL), &handed_for(challenge), next.bytes()))
    }
}

impl Vault {
    /// The key that [`MasterKey::hand_over`] sealed for this challenge with the master key of this vault.
    #[must_use]
    pub fn handed_over(&self, challenge: &str, sealed: &str) -> Option<MasterKey> {
        let sealed = HEXLOWER.decode(sealed.as_bytes()).ok()?;
        let master = self.master.read().unwrap_or_else(PoisonError::into_inner);
        let next = aead::decrypt(&master.derive(LABEL), &handed_for(challenge), &sealed)?;
        MasterKey::from_bytes(&next)
    }

    /// Wraps every key with `next` in place of the master key so far, while the vault goes on working (S24); what
    /// is sealed stays as it is. In one durable write: afterwards only `next` opens the store. Keys that are in
    /// memory are used meanwhile, the others are waited for.
    ///
    /// # Errors
    /// [`VaultError::DamagedKey`] or the store's; then nothing has changed.
    pub fn rewrap(&self, next: MasterKey) -> Result<usize, VaultError> {
        let mut master = self.master.write().unwrap_or_else(PoisonError::into_inner);
        let mut damaged = None;
        let count = self.store.rewrap(&mut |id, wrapped| {
            let key = unwrap(&master, id, wrapped);
            if key.is_none() {
                damaged = Some(id.clone());
            }
            key.map(|key| wrap(&next, id, &key))
        });
        if let Some(id) = damaged {
            return Err(VaultError::DamagedKey(id));
        }
        let count = count?;
        *master = next;
        Ok(count)
    }
}

fn handed_for(challenge: &str) -> Vec<u8> {
    frame(LABEL, &[challenge.as_bytes()])
}

#[cfg(test)]
mod tests {
    use secrecy::ExposeSecret as _;

    use super::*;
    use crate::fixture::{company, master, member, reopen};
    use crate::{Existing, Field, MemoryKeyStore, Owner, SqliteKeyStore};

    #[test]
    fn s24_all_keys_move_to_another_master_key_while_the_vault_works() {
        let directory = tempfile::tempdir().unwrap();
        let store = || SqliteKeyStore::open(&directory.path().join("keys.db")).unwrap();
        let vault = Vault::open(store(), MasterKey::draw(), Existing::Nothing).unwrap();
        let [ana, ben] = [1, 2].map(|number| Owner::Member(company(1), member(number)));
        let sealed = vault.seal(ana, Field::Name, "Ana").unwrap();
        let hash = vault.body_hash(b"body");
        assert_eq!(vault.rewrap(master()).unwrap(), 3, "check, index and Ana's");
        let later = vault.seal(ben, Field::Name, "Ben").unwrap();
        let reopened = reopen(store());
        assert_eq!(reopened.unseal(ana, Field::Name, &sealed).unwrap().expose_secret(), "Ana");
        assert_eq!(reopened.unseal(ben, Field::Name, &later).unwrap().expose_secret(), "Ben");
        assert_eq!(reopened.body_hash(b"body"), hash);
    }

    #[test]
    fn s24_only_the_holder_of_the_present_key_hands_over_the_next_for_this_challenge_alone() {
        let vault = Vault::open(MemoryKeyStore::default(), master(), Existing::Nothing).unwrap();
        let next = MasterKey::draw();
        let sealed = master().hand_over(&next, "challenge");
        let taken = vault.handed_over("challenge", &sealed).unwrap();
        assert!(taken.bytes() == next.bytes());
        assert!(vault.handed_over("another", &sealed).is_none());
        assert!(vault.handed_over("challenge", &next.hand_over(&next, "challenge")).is_none());
        assert!(vault.handed_over("challenge", &sealed[2..]).is_none());
        assert!(vault.handed_over("challenge", "").is_none());
        vault.rewrap(taken).unwrap();
        assert!(vault.handed_over("challenge", &sealed).is_none(), "the old key hands over nothing any more");
        assert!(vault.is_possession("challenge", &["a"], &next.prove("challenge", &["a"])));
    }
}

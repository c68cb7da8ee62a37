//! Proof that whoever asks holds the master key, without sending it.
//!
//! The service draws a challenge; the asker answers with a MAC over the challenge and the request, under a key that
//! is derived from the master key for this use alone. A proof fits one challenge and one request.

use std::sync::PoisonError;

use data_encoding::HEXLOWER;
use subtle::ConstantTimeEq as _;

use crate::frame::mac;
use crate::{MasterKey, Vault};

/// The one use of the derived key.
const LABEL: &str = "twostep/possession/v1";

impl MasterKey {
    /// Proves possession for `request`, its parts in the order that the service takes them, in lowercase hexadecimal.
    #[must_use]
    pub fn prove(&self, challenge: &str, request: &[&str]) -> String {
        HEXLOWER.encode(&self.proof(challenge, request))
    }

    fn proof(&self, challenge: &str, request: &[&str]) -> [u8; 32] {
        let parts: Vec<&[u8]> =
            std::iter::once(challenge).chain(request.iter().copied()).map(str::as_bytes).collect();
        mac(&self.derive(LABEL), LABEL, &parts)
    }
}

impl Vault {
    /// Whether `proof` shows that its maker holds the master key of this vault and means this request.
    #[must_use]
    pub fn is_possession(&self, challenge: &str, request: &[&str], proof: &str) -> bool {
        let Ok(proof) = HEXLOWER.decode(proof.as_bytes()) else { return false };
        let master = self.master.read().unwrap_or_else(PoisonError::into_inner);
        master.proof(challenge, request).as_slice().ct_eq(&proof).into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Existing, MemoryKeyStore};

    #[test]
    fn only_the_master_key_itself_proves_and_only_this_request_under_this_challenge() {
        let text = "07".repeat(32);
        let key = || MasterKey::from_text(&text).unwrap();
        let vault = Vault::open(MemoryKeyStore::default(), key(), Existing::Nothing).unwrap();
        let proof = key().prove("challenge", &["acme", "ana"]);
        assert!(vault.is_possession("challenge", &["acme", "ana"], &proof));
        assert!(!vault.is_possession("another", &["acme", "ana"], &proof));
        assert!(!vault.is_possession("challenge", &["acme", "bob"], &proof));
        assert!(!vault.is_possession("challenge", &["acmea", "na"], &proof));
        assert!(!vault.is_possession("challenge", &["acme", "ana"], &proof[2..]));
        assert!(!vault.is_possession("challenge", &["acme", "ana"], ""));
        let other = MasterKey::draw().prove("challenge", &["acme", "ana"]);
        assert!(!vault.is_possession("challenge", &["acme", "ana"], &other));
    }
}

//! XChaCha20-Poly1305 with a random nonce in front: `nonce | ciphertext | tag`.

use chacha20poly1305::aead::{Aead as _, Payload};
use chacha20poly1305::{KeyInit as _, XChaCha20Poly1305, XNonce};
use zeroize::Zeroizing;

use crate::random;

/// Bytes of the nonce. 192 bits: random ones don't meet (draft-irtf-cfrg-xchacha §3.1).
const NONCE: usize = 24;
/// Bytes of the tag.
const TAG: usize = 16;
/// By how many bytes what is encrypted is longer than it was.
pub(crate) const OVERHEAD: usize = NONCE + TAG;

/// `plain`, encrypted and bound to `associated`.
pub(crate) fn encrypt(key: &[u8; 32], associated: &[u8], plain: &[u8]) -> Vec<u8> {
    let nonce = random::bytes::<NONCE>();
    let cipher = XChaCha20Poly1305::new(key.into());
    let sealed = cipher
        .encrypt(&XNonce::from(*nonce), Payload { msg: plain, aad: associated })
        .expect("what is sealed here is far below 256 GiB");
    [nonce.as_slice(), &sealed].concat()
}

/// What was encrypted; nothing for another key, other associated data or changed bytes.
pub(crate) fn decrypt(key: &[u8; 32], associated: &[u8], sealed: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    let (nonce, ciphertext) = sealed.split_at_checked(NONCE)?;
    let nonce = XNonce::try_from(nonce).ok()?;
    let cipher = XChaCha20Poly1305::new(key.into());
    cipher.decrypt(&nonce, Payload { msg: ciphertext, aad: associated }).ok().map(Zeroizing::new)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn s24_only_the_same_key_data_and_bytes_open() {
        let key = [1; 32];
        let sealed = encrypt(&key, b"for", b"plain");
        assert_eq!(decrypt(&key, b"for", &sealed).unwrap().as_slice(), b"plain");
        assert!(decrypt(&[2; 32], b"for", &sealed).is_none());
        assert!(decrypt(&key, b"other", &sealed).is_none());
        assert!(decrypt(&key, b"for", &sealed[..20]).is_none());
        for at in 0..sealed.len() {
            let mut changed = sealed.clone();
            changed[at] ^= 1;
            assert!(decrypt(&key, b"for", &changed).is_none(), "byte {at}");
        }
        assert_ne!(encrypt(&key, b"for", b"plain"), sealed, "a fresh nonce each time");
    }
}

//! Whether somebody who calls us holds the secret that was agreed on with them: a MAC over what they say (S21, S28).

use hmac::{Hmac, KeyInit as _, Mac as _};
use sha1::Sha1;
use sha2::Sha256;

/// How a caller signs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Signing {
    /// HMAC-SHA1: broken for documents, not as a MAC (RFC 6151, RFC 6194).
    HmacSha1,
    /// HMAC-SHA256.
    HmacSha256,
}

/// Whether `signature` is that of `message` under `secret`, compared in constant time. Nothing is signed with an empty
/// secret: everybody knows it.
#[must_use]
pub fn is_signed(signing: Signing, secret: &str, message: &[u8], signature: &[u8]) -> bool {
    if secret.is_empty() {
        return false;
    }
    let key = secret.as_bytes();
    match signing {
        Signing::HmacSha1 => Hmac::<Sha1>::new_from_slice(key)
            .is_ok_and(|mac| mac.chain_update(message).verify_slice(signature).is_ok()),
        Signing::HmacSha256 => Hmac::<Sha256>::new_from_slice(key)
            .is_ok_and(|mac| mac.chain_update(message).verify_slice(signature).is_ok()),
    }
}

#[cfg(test)]
mod tests {
    use data_encoding::HEXLOWER;

    use super::*;

    /// RFC 2202 and RFC 4231, test case 2 of each.
    #[test]
    fn s28_a_signature_is_that_of_its_message_and_secret_whole_and_unchanged() {
        let (secret, message) = ("Jefe", b"what do ya want for nothing?");
        for (signing, signature) in [
            (Signing::HmacSha1, "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79"),
            (Signing::HmacSha256, "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"),
        ] {
            let signature = HEXLOWER.decode(signature.as_bytes()).unwrap();
            assert!(is_signed(signing, secret, message, &signature));
            assert!(!is_signed(signing, "jefe", message, &signature));
            assert!(!is_signed(signing, secret, &message[1..], &signature));
            assert!(!is_signed(signing, secret, message, &signature[1..]));
            assert!(!is_signed(signing, secret, message, b""));
        }
    }

    #[test]
    fn s28_nothing_is_signed_with_an_empty_secret() {
        let of_nothing =
            Hmac::<Sha256>::new_from_slice(b"").unwrap().chain_update(b"m").finalize().into_bytes();
        assert!(!is_signed(Signing::HmacSha256, "", b"m", &of_nothing));
    }
}

//! Passwords in the one form that is counted, judged and hashed.

use secrecy::{ExposeSecret as _, SecretString};
use unicode_normalization::UnicodeNormalization as _;
use zeroize::Zeroizing;

/// `password` with its letters composed: NFC, as RFC 8265 §4.2.2 has it for passwords.
///
/// Keyboards differ in how they write é, and nobody sees it. Compatibility forms (NFKC) stay apart: whoever types ½ or
/// ﬁ means them.
pub(super) fn composed(password: &SecretString) -> Zeroizing<String> {
    let text = password.expose_secret();
    // Composing never makes text more than three times as long (UAX #15 §9): it doesn't move, leaving pieces behind.
    let mut composed = Zeroizing::new(String::with_capacity(3 * text.len()));
    composed.extend(text.nfc());
    composed
}

//! Joining fields to one unambiguous byte string, for MACs and associated data.

use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::{Digest as _, Sha256};

/// `label` and `parts`, each after its length (4 bytes, big-endian): no two different lists give the same bytes.
pub(crate) fn frame(label: &str, parts: &[&[u8]]) -> Vec<u8> {
    let size = parts.iter().map(|part| part.len() + 4).sum::<usize>() + label.len() + 4;
    let mut framed = Vec::with_capacity(size);
    each(label, parts, |bytes| framed.extend_from_slice(bytes));
    framed
}

/// HMAC-SHA256 (RFC 2104) of the framed fields.
pub(crate) fn mac(key: &[u8; 32], label: &str, parts: &[&[u8]]) -> [u8; 32] {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("a key of any length will do");
    each(label, parts, |bytes| mac.update(bytes));
    mac.finalize().into_bytes().into()
}

/// SHA-256 of the framed fields.
pub(crate) fn hash(label: &str, parts: &[&[u8]]) -> [u8; 32] {
    let mut hash = Sha256::new();
    each(label, parts, |bytes| hash.update(bytes));
    hash.finalize().into()
}

fn each(label: &str, parts: &[&[u8]], mut take: impl FnMut(&[u8])) {
    for part in std::iter::once(label.as_bytes()).chain(parts.iter().copied()) {
        let length = u32::try_from(part.len()).unwrap_or(u32::MAX);
        take(&length.to_be_bytes());
        take(part);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moving_a_boundary_changes_the_bytes() {
        assert_ne!(frame("l", &[b"ab", b"c"]), frame("l", &[b"a", b"bc"]));
        assert_ne!(frame("l", &[b"ab"]), frame("l", &[b"ab", b""]));
        let key = [7; 32];
        assert_ne!(mac(&key, "l", &[b"ab", b"c"]), mac(&key, "l", &[b"a", b"bc"]));
        assert_ne!(mac(&key, "l", &[b"ab"]), mac(&key, "m", &[b"ab"]));
        assert_ne!(hash("l", &[b"ab"]), hash("lab", &[]));
    }
}

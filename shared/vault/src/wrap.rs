//! Wrapping keys with the master key.

use std::sync::Arc;

use zeroize::Zeroizing;

use crate::cache::DataKey;
use crate::frame::frame;
use crate::key_store::Wrapped;
use crate::{KeyId, MasterKey, aead};

/// `key`, encrypted for this one place in the store.
pub(crate) fn wrap(master: &MasterKey, id: &KeyId, key: &[u8; 32]) -> Wrapped {
    aead::encrypt(&wrapping_key(master, id), &wrapped_for(id), key)
}

/// The key; nothing under another master key, or if it was wrapped for another place.
pub(crate) fn unwrap(master: &MasterKey, id: &KeyId, wrapped: &[u8]) -> Option<DataKey> {
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::KeyClass;
    use crate::fixture::{company, master, member};

    #[test]
    fn s24_a_wrapped_key_opens_in_its_own_place_and_under_its_own_master_key_only() {
        let of = |number| KeyClass::Identity(company(1), member(number)).first();
        let wrapped = wrap(&master(), &of(1), &[7; 32]);
        assert_eq!(**unwrap(&master(), &of(1), &wrapped).unwrap(), [7; 32]);
        assert!(unwrap(&master(), &of(2), &wrapped).is_none());
        assert!(unwrap(&master(), &KeyId { version: 2, ..of(1) }, &wrapped).is_none());
        assert!(unwrap(&master(), &KeyClass::Secret(company(1), member(1)).first(), &wrapped).is_none());
        assert!(unwrap(&MasterKey::draw(), &of(1), &wrapped).is_none());
    }
}

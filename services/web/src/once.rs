//! A key that a form holds from the moment it is drawn: sent twice, it happens once (S35).

use rand::{TryRng, rngs::SysRng};
use uuid::{Builder, Uuid};

/// The form field.
pub(crate) const FIELD: &str = "once";

/// A new key; none where the operating system has no randomness: then the form just isn't protected.
pub(crate) fn draw() -> Option<Uuid> {
    let mut bytes = [0; 16];
    SysRng.try_fill_bytes(&mut bytes).ok()?;
    Some(Builder::from_random_bytes(bytes).into_uuid())
}

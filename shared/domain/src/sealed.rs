//! What stands in an event in place of personal data and secrets.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A sealed field: key version, nonce and ciphertext, opaque here. The vault makes and opens it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct Sealed(pub String);

impl fmt::Debug for Sealed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Sealed(…)")
    }
}

/// A keyed or plain hash, 32 bytes in lower-case hexadecimal: of a login, a contact, a token or a printed code.
///
/// Not a secret, but derived from one. Secrets are compared inside the vault, in constant time.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct Digest(pub String);

impl Digest {
    /// Of 32 bytes.
    #[must_use]
    pub fn of(bytes: &[u8; 32]) -> Self {
        use fmt::Write as _;
        let mut text = String::with_capacity(64);
        for byte in bytes {
            let _ = write!(text, "{byte:02x}");
        }
        Self(text)
    }

    /// The hexadecimal text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The period whose key a code or link is derived with: a day (`2026-11-24`) for codes, a month (`2026-11`) for links.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct KeyPeriod(pub String);

impl KeyPeriod {
    /// The day of `now`, for code keys.
    #[must_use]
    pub fn day(now: crate::Time) -> Self {
        Self(now.format("%Y-%m-%d").to_string())
    }

    /// The month of `now`, for link keys.
    #[must_use]
    pub fn month(now: crate::Time) -> Self {
        Self(now.format("%Y-%m").to_string())
    }
}

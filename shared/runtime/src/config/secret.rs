use std::fmt;

use secrecy::zeroize::ZeroizeOnDrop;
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use serde::de::{Deserializer, Error, MapAccess, Visitor};

/// The key under which the loader hands over a secret, so that only a [`Secret`] can read it.
pub(super) const WRAPPER: &str = "secret value";

/// A setting that is never shown: zeroised when dropped, without `Debug`, `Display` and `Serialize` (S25).
#[derive(Clone)]
pub struct Secret(SecretString);

/// By its only field.
impl ZeroizeOnDrop for Secret {}

const _: fn(&Secret) = |secret| {
    fn is_wiped(_: &impl ZeroizeOnDrop) {}
    is_wiped(&secret.0);
};

impl Secret {
    /// The secret itself, to be used at once.
    #[must_use]
    pub fn expose(&self) -> &str {
        self.0.expose_secret()
    }

    /// The secret in the type that ports take.
    #[must_use]
    pub fn into_inner(self) -> SecretString {
        self.0
    }
}

impl<'de> Deserialize<'de> for Secret {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Unwrap)
    }
}

struct Unwrap;

impl<'de> Visitor<'de> for Unwrap {
    type Value = Secret;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a secret")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Secret, A::Error> {
        match map.next_entry::<String, String>()? {
            Some((key, value)) if key == WRAPPER => Ok(Secret(value.into())),
            _ => Err(A::Error::custom("a secret is one value, not a group of settings")),
        }
    }

    // The default of this method would put the secret into the message.
    fn visit_str<E: Error>(self, _unlisted: &str) -> Result<Secret, E> {
        Err(E::custom("this secret is not listed in Settings::SECRETS"))
    }
}

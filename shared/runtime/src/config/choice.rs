use std::collections::BTreeMap;

use serde::de::value::StringDeserializer;
use serde::de::{Deserialize, Deserializer};

/// Reads one of a few words; another is refused with those that are allowed, which the layers' own reader doesn't name.
///
/// # Errors
/// It is none of them, or no text.
pub fn choice<'de, D: Deserializer<'de>, T: Deserialize<'de>>(deserializer: D) -> Result<T, D::Error> {
    let word = String::deserialize(deserializer)?;
    T::deserialize(StringDeserializer::<D::Error>::new(word))
}

/// Reads such words by name.
///
/// # Errors
/// One is none of them, or no text.
pub fn choices<'de, D: Deserializer<'de>, T: Deserialize<'de>>(
    deserializer: D,
) -> Result<BTreeMap<String, T>, D::Error> {
    struct Word<T>(T);
    impl<'de, T: Deserialize<'de>> Deserialize<'de> for Word<T> {
        fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
            choice(deserializer).map(Self)
        }
    }
    let words = BTreeMap::<String, Word<T>>::deserialize(deserializer)?;
    Ok(words.into_iter().map(|(name, Word(word))| (name, word)).collect())
}

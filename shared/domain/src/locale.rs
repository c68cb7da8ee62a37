//! The language and time zone that a person reads in.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A language that the product has texts for.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "lowercase")]
pub enum Locale {
    /// English.
    #[default]
    En,
    /// German.
    De,
    /// French.
    Fr,
    /// Spanish.
    Es,
    /// Hungarian.
    Hu,
}

/// The text names no language that we have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the language is one of en, de, fr, es, hu")]
pub struct InvalidLocale;

impl Locale {
    /// Its BCP 47 tag.
    #[must_use]
    pub const fn tag(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::De => "de",
            Self::Fr => "fr",
            Self::Es => "es",
            Self::Hu => "hu",
        }
    }
}

impl std::str::FromStr for Locale {
    type Err = InvalidLocale;

    fn from_str(text: &str) -> Result<Self, InvalidLocale> {
        [Self::En, Self::De, Self::Fr, Self::Es, Self::Hu]
            .into_iter()
            .find(|locale| locale.tag() == text)
            .ok_or(InvalidLocale)
    }
}

/// A name of the IANA time zone database, checked where it is given; whoever shows a time falls back to UTC for one that
/// an old event has and the database doesn't.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct TimeZone(pub String);

impl Default for TimeZone {
    fn default() -> Self {
        Self("UTC".to_owned())
    }
}

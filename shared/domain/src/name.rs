//! Names of people, companies and groups, safe to stand in a mail.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization as _;

/// 1 to 64 characters without control characters, line ends or URLs; outer spaces are trimmed.
///
/// Such a name can be put into mails and texts without carrying somebody's link (S29).
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(try_from = "String", into = "String")]
pub struct Name(String);

/// The text is no name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidName {
    /// Nothing but spaces.
    #[error("the name is empty")]
    Empty,
    /// More than 64 characters.
    #[error("the name has more than 64 characters")]
    TooLong,
    /// A line end or another control character, also an invisible formatting one.
    #[error("the name has a line end or an invisible character")]
    Invisible,
    /// Something that mail programs would make a link of.
    #[error("the name looks like a web address")]
    Link,
}

impl Name {
    /// Reads a name.
    ///
    /// # Errors
    /// See [`InvalidName`].
    pub fn parse(text: &str) -> Result<Self, InvalidName> {
        let text = text.trim();
        let lower = text.to_lowercase();
        match () {
            () if text.is_empty() => Err(InvalidName::Empty),
            () if text.chars().count() > 64 => Err(InvalidName::TooLong),
            () if text.chars().any(invisible) => Err(InvalidName::Invisible),
            () if lower.contains("://") || lower.contains("www.") => Err(InvalidName::Link),
            () => Ok(Self(text.to_owned())),
        }
    }

    /// Whether people would take the two for one: neither capitals nor ways of writing the same letters make a difference.
    #[must_use]
    pub fn reads_like(&self, other: &Self) -> bool {
        let read = |name: &Self| name.0.nfkc().collect::<String>().to_lowercase();
        read(self) == read(other)
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Whether a character controls how a line is shown, rather than being shown.
pub(crate) fn invisible(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

impl TryFrom<String> for Name {
    type Error = InvalidName;

    fn try_from(text: String) -> Result<Self, InvalidName> {
        Self::parse(&text)
    }
}

impl From<Name> for String {
    fn from(name: Name) -> Self {
        name.0
    }
}

impl std::fmt::Debug for Name {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Name(…)")
    }
}

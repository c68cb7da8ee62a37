//! The name that a person signs in with.

use std::fmt;

/// A login as it is compared: outer spaces trimmed, ASCII letters in lower case; 1 to 254 printable characters without spaces.
#[derive(Clone, PartialEq, Eq)]
pub struct LoginName(String);

/// The text is no login name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a login name has 1 to 254 characters, none of them a space or invisible")]
pub struct InvalidLogin;

impl LoginName {
    /// Reads and normalises a login.
    ///
    /// # Errors
    /// An empty or too long text, a space or a control character inside.
    pub fn parse(text: &str) -> Result<Self, InvalidLogin> {
        let text = text.trim();
        if text.is_empty() || text.len() > 254 || text.chars().any(|c| c.is_control() || c.is_whitespace()) {
            return Err(InvalidLogin);
        }
        Ok(Self(text.to_lowercase()))
    }

    /// The normalised text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// As somebody may see it who isn't signed in: an address like any address, else the first letter.
    #[must_use]
    pub fn masked(&self) -> String {
        let first = || self.0.chars().next().map(|first| format!("{first}•••")).unwrap_or_default();
        crate::Email::parse(&self.0).map_or_else(|_| first(), |email| email.masked())
    }
}

impl fmt::Debug for LoginName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("LoginName(…)")
    }
}

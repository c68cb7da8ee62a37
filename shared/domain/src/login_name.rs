//! The name that a person signs in with.

use std::fmt;

use unicode_normalization::UnicodeNormalization as _;
use unicode_security::{GeneralSecurityProfile as _, MixedScript as _, skeleton};

use crate::visible::pictureless;

/// A login as it is compared: outer spaces trimmed, composed as people see it (NFKC, RFC 8265 §3.3), in lower case; 1 to 254
/// bytes without spaces or control characters.
#[derive(Clone, PartialEq, Eq)]
pub struct LoginName(String);

/// Most bytes of a login.
const LONGEST: usize = 254;

/// The text is no login name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidLogin {
    /// Nothing, too much, or something that nobody sees.
    #[error("a login name has 1 to 254 characters, none of them a space or invisible")]
    Unreadable,
    /// It could be taken for another one.
    #[error(
        "this login could be taken for another one: write each of its parts in one alphabet, without characters that look like those of another"
    )]
    LooksAlike,
}

impl LoginName {
    /// Reads and normalises a login, however it is typed.
    ///
    /// # Errors
    /// An empty or too long text, a space or a control character inside.
    pub fn parse(text: &str) -> Result<Self, InvalidLogin> {
        let text = text.trim();
        // Composing makes at most 18 bytes of one (UAX #15): what is too long at first isn't worth the work.
        let composed: String = match text.len() {
            ..=LONGEST => text.nfkc().collect::<String>().to_lowercase().nfkc().collect(),
            _ => return Err(InvalidLogin::Unreadable),
        };
        let unreadable = |c: char| c.is_control() || c.is_whitespace();
        if composed.is_empty() || composed.len() > LONGEST || composed.chars().any(unreadable) {
            return Err(InvalidLogin::Unreadable);
        }
        Ok(Self(composed))
    }

    /// Reads a login that somebody is to have: none that could be taken for another one (UTS #39). Who has such a one from
    /// before keeps it.
    ///
    /// # Errors
    /// The same, what nobody sees, and letters of several alphabets in one part, or such as look like ASCII.
    pub fn parse_new(text: &str) -> Result<Self, InvalidLogin> {
        let login = Self::parse(text)?;
        if login.0.chars().any(pictureless) {
            return Err(InvalidLogin::Unreadable);
        }
        let parts = login.0.split(|c: char| c.is_ascii() && !c.is_ascii_alphanumeric());
        if parts.into_iter().any(looks_like_another) { Err(InvalidLogin::LooksAlike) } else { Ok(login) }
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

/// Whether a part mixes alphabets, has what no word is written with, or could be written in ASCII to look the same.
fn looks_like_another(part: &str) -> bool {
    let foreign = |c: char| !c.is_ascii() && !c.identifier_allowed();
    let in_disguise = || {
        !part.chars().any(|c| c.is_ascii_alphabetic())
            && !part.is_ascii()
            && skeleton(part).all(|c| c.is_ascii())
    };
    part.chars().any(foreign) || !part.is_single_script() || in_disguise()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn new(text: &str) -> Result<String, InvalidLogin> {
        LoginName::parse_new(text).map(|login| login.as_str().to_owned())
    }

    #[test]
    fn a_login_is_the_same_however_it_is_typed() {
        for (typed, login) in [
            (" ANA@example.com ", "ana@example.com"),
            ("ａｄｍｉｎ＠demo.example", "admin@demo.example"),
            ("jo\u{308}rg", "jörg"),
            ("ﬁeld", "field"),
        ] {
            assert_eq!(new(typed).as_deref(), Ok(login));
            assert_eq!(LoginName::parse(typed).unwrap().as_str(), login, "at sign-in");
        }
    }

    #[test]
    fn a_new_login_has_nothing_that_nobody_sees() {
        for bad in
            ["", "  ", "a b", "a\u{3000}b", "ad\u{200b}min", "ad\u{200d}min", "\u{2060}", "a\u{ad}b", "a\nb"]
        {
            assert_eq!(new(bad), Err(InvalidLogin::Unreadable), "{bad:?}");
        }
        assert_eq!(new(&"a".repeat(255)), Err(InvalidLogin::Unreadable));
    }

    #[test]
    fn nobody_is_given_a_login_that_looks_like_another() {
        for alike in [
            "\u{430}dmin@demo.example",
            "admin@dem\u{43e}.example",
            "\u{251}dmin",
            "\u{440}\u{430}\u{443}\u{440}\u{430}\u{4cf}",
            "admin\u{2215}demo",
        ] {
            assert_eq!(new(alike), Err(InvalidLogin::LooksAlike), "{alike}");
            assert!(LoginName::parse(alike).is_ok(), "whoever has it from before signs in");
        }
        for own in [
            "admin@demo.example",
            "ana.b+x_1@example.com",
            "007",
            "jörg",
            "lærer@skole.example",
            "kadın",
            "иванов@demo.example",
            "иван.ivanov",
            "δημήτρης",
            "田中さん",
            "محمد",
        ] {
            assert_eq!(new(own).as_deref(), Ok(own));
        }
    }
}

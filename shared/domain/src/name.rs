//! Names of people, companies and groups, safe to stand in a mail.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

use crate::visible::{invisible, pictureless, says_something, varies};

/// 1 to 64 characters without control characters, line ends or URLs; outer spaces are trimmed.
///
/// Such a name can be put into mails and texts without carrying somebody's link (S29). A new one shows something, and its
/// accents stand on letters; what was recorded before that was asked stays readable.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(try_from = "String", into = "String")]
pub struct Name(String);

/// The text is no name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidName {
    /// Nothing that is seen.
    #[error("the name is empty")]
    Empty,
    /// More than 64 characters.
    #[error("the name has more than 64 characters")]
    TooLong,
    /// A line end or another control character, also an invisible formatting one.
    #[error("the name has a line end or an invisible character")]
    Invisible,
    /// Accents without a letter, or a pile of them, which runs over the lines around it.
    #[error("the name has accents without a letter, or too many on one")]
    Marks,
    /// Something that mail programs would make a link of.
    #[error("the name looks like a web address")]
    Link,
}

impl Name {
    /// Reads a name that something is to have.
    ///
    /// # Errors
    /// See [`InvalidName`].
    pub fn parse(text: &str) -> Result<Self, InvalidName> {
        match () {
            () if !says_something(text) => Err(InvalidName::Empty),
            () if hides(text, |c| pictureless(c) && !varies(c)) => Err(InvalidName::Invisible),
            () if has_loose_marks(text) => Err(InvalidName::Marks),
            () => Self::recorded(text),
        }
    }

    /// Reads a name that was accepted once.
    fn recorded(text: &str) -> Result<Self, InvalidName> {
        let text = text.trim();
        let lower = text.to_lowercase();
        match () {
            () if text.is_empty() => Err(InvalidName::Empty),
            () if text.chars().count() > 64 => Err(InvalidName::TooLong),
            () if hides(text, invisible) => Err(InvalidName::Invisible),
            () if lower.contains("://") || lower.contains("www.") => Err(InvalidName::Link),
            () => Ok(Self(text.to_owned())),
        }
    }

    /// Whether people would take the two for one: neither capitals nor ways of writing the same letters make a difference, nor
    /// what is drawn as nothing, nor how wide the spaces are.
    #[must_use]
    pub fn reads_like(&self, other: &Self) -> bool {
        let read = |name: &Self| {
            let drawn = name.0.chars().filter(|c| !pictureless(*c));
            let letters: String = drawn.nfkc().collect::<String>().to_lowercase().nfkc().collect();
            letters.split_whitespace().map(str::to_owned).collect::<Vec<_>>()
        };
        read(self) == read(other)
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Whether `text` has one of the `hidden` characters, joiners in their place aside: Persian words and emoji are written with
/// them (UAX #31 §2.3), between two signs that aren't ASCII.
fn hides(text: &str, hidden: impl Fn(char) -> bool) -> bool {
    let signs: Vec<char> = text.chars().collect();
    let is_seen =
        |at: usize| signs.get(at).is_some_and(|c| !c.is_ascii() && (!pictureless(*c) || varies(*c)));
    let joins = |at: usize| {
        matches!(signs[at], '\u{200c}' | '\u{200d}') && at > 0 && is_seen(at - 1) && is_seen(at + 1)
    };
    (0..signs.len()).any(|at| hidden(signs[at]) && !joins(at))
}

/// The most marks that a letter of any living script carries, and some more.
const MOST_MARKS: usize = 4;

/// Whether marks stand at the beginning of a word or in a pile.
fn has_loose_marks(text: &str) -> bool {
    text.split_whitespace().any(|word| {
        let mut row = MOST_MARKS;
        word.chars().any(|c| {
            row = if is_combining_mark(c) { row + 1 } else { 0 };
            row > MOST_MARKS
        })
    })
}

impl TryFrom<String> for Name {
    type Error = InvalidName;

    fn try_from(text: String) -> Result<Self, InvalidName> {
        Self::recorded(&text)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_something_that_is_seen() {
        for nothing in ["", "  ", "\u{301}".repeat(60).as_str(), "\u{200b}", "\u{2800}", "\u{3164}\u{ad}"] {
            assert_eq!(Name::parse(nothing), Err(InvalidName::Empty), "{nothing:?}");
        }
        for hidden in [
            "a\u{200b}b",
            "a\u{ad}b",
            "a\u{202e}b",
            "a\nb",
            "a\u{e0041}b",
            "a\u{200d}b",
            "\u{200c}رضا",
            "رضا\u{200d}",
            "ر\u{200c}\u{200c}ضا",
        ] {
            assert_eq!(Name::parse(hidden), Err(InvalidName::Invisible), "{hidden:?}");
        }
    }

    #[test]
    fn marks_stand_on_a_letter_and_never_in_a_pile() {
        let pile = format!("Ana{}", "\u{301}".repeat(60));
        for bad in [pile.as_str(), "\u{301}Ana", "Ana \u{301}Berg"] {
            assert_eq!(Name::parse(bad), Err(InvalidName::Marks), "{bad}");
        }
        for good in [
            "José",
            "Jose\u{301}",
            "Nguyễn Thị Ánh",
            "สมเกียรติ",
            "क्षितिज",
            "שָׁלוֹם",
            "R2-D2 & Söhne",
            "Desk ❤\u{fe0f}",
            "葛\u{e0100}城",
            "علی\u{200c}رضا",
            "👩\u{200d}💻 Desk",
            "❤\u{fe0f}\u{200d}🔥",
        ] {
            assert_eq!(Name::parse(good).map(String::from).as_deref(), Ok(good));
        }
    }

    #[test]
    fn names_that_are_drawn_alike_read_alike() {
        let name = |text: &str| serde_json::from_value::<Name>(text.into()).unwrap();
        for (one, other) in [
            ("Desk", "dESK"),
            ("Desk", "Ｄｅｓｋ"),
            ("José", "Jose\u{301}"),
            ("Desk", "Desk\u{fe0f}"),
            ("José", "Jose\u{e0100}\u{301}"),
            ("Support", "Sup\u{ad}port"),
            ("North Desk", "North  Desk"),
            ("North Desk", "North\u{a0}\u{3000}Desk"),
        ] {
            assert!(name(one).reads_like(&name(other)), "{one:?} {other:?}");
        }
        for (one, other) in [("North Desk", "Northdesk"), ("Desk", "Desk 2"), ("Jose", "José")] {
            assert!(!name(one).reads_like(&name(other)), "{one:?} {other:?}");
        }
    }

    #[test]
    fn a_name_that_was_recorded_stays_readable() {
        for old in ["\u{301}".repeat(60), "\u{3164}".to_owned(), "a\u{ad}b".to_owned()] {
            assert!(Name::parse(&old).is_err());
            let recorded = serde_json::to_string(&old).unwrap();
            assert!(serde_json::from_str::<Name>(&recorded).is_ok(), "{old:?}");
        }
    }
}

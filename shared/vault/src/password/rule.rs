//! Which passwords are accepted (S32, NIST SP 800-63B-4 §3.1.1.2).

use std::collections::HashSet;
use std::sync::LazyLock;

use secrecy::{ExposeSecret as _, SecretString};
use zeroize::Zeroizing;

/// The commonest passwords of 8 characters and more, one a line, in lower case.
static COMMON: LazyLock<HashSet<&'static str>> =
    LazyLock::new(|| include_str!("common.txt").lines().filter(|line| !line.is_empty()).collect());

/// The rule for new passwords: length and a blocklist, nothing about kinds of characters.
///
/// A character is a Unicode scalar value, as NIST counts. Passwords are hashed as they were typed, without Unicode
/// normalisation: the browser sends what the keyboard composes, and both ways of writing é on one password mean a
/// refused sign-in, never an accepted one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PasswordRule {
    /// The person proves a second step, too: 8 characters.
    WithSecondStep,
    /// The password is all there is: 15 characters.
    Alone,
}

/// Why a password isn't accepted, in words for the person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WeakPassword {
    /// Too short.
    #[error("the password needs at least {least} characters")]
    TooShort {
        /// How many it needs.
        least: usize,
    },
    /// So long that hashing it is an attack.
    #[error("the password can have at most 256 characters")]
    TooLong,
    /// Everybody's first guess.
    #[error("this password is one of the most common ones: choose another")]
    Common,
    /// One character again and again, or a row of the keyboard or alphabet.
    #[error("this password is a repetition or a sequence: choose another")]
    Pattern,
    /// The login, the company or the product, perhaps with digits around it.
    #[error("this password is your own name, or the company's or product's: choose another")]
    Obvious,
}

impl PasswordRule {
    /// Characters that a password may have.
    pub const MOST: usize = 256;
    /// Characters that a password needs where it is all there is.
    pub const LONG: usize = 15;

    /// Characters that a password needs.
    #[must_use]
    pub const fn least(self) -> usize {
        match self {
            Self::WithSecondStep => 8,
            Self::Alone => Self::LONG,
        }
    }

    /// Whether `password` is long enough for a person without a second step.
    #[must_use]
    pub fn is_long(password: &SecretString) -> bool {
        password.expose_secret().chars().count() >= Self::LONG
    }

    /// Judges `password`. `words` are what an attacker tries first for this person: login, name, company, product.
    ///
    /// # Errors
    /// The first reason against it.
    pub fn check(self, password: &SecretString, words: &[&str]) -> Result<(), WeakPassword> {
        let text = password.expose_secret();
        // Counting stops early: nobody's gigabyte is walked through.
        let length = text.chars().take(Self::MOST + 1).count();
        if length > Self::MOST {
            return Err(WeakPassword::TooLong);
        }
        if length < self.least() {
            return Err(WeakPassword::TooShort { least: self.least() });
        }
        let folded = Zeroizing::new(text.to_lowercase());
        match () {
            () if COMMON.contains(folded.as_str()) => Err(WeakPassword::Common),
            () if is_pattern(&folded) => Err(WeakPassword::Pattern),
            () if words.iter().any(|word| is_built_on(&folded, word)) => Err(WeakPassword::Obvious),
            () => Ok(()),
        }
    }
}

/// Whether it has one step only, like `aaaaaaaa`, `abcdefgh` or `87654321`.
fn is_pattern(text: &str) -> bool {
    let characters = Zeroizing::new(text.chars().map(u32::from).collect::<Vec<_>>());
    let step = |pair: &[u32]| i64::from(pair[1]) - i64::from(pair[0]);
    let mut steps = characters.windows(2).map(step);
    let Some(first) = steps.next() else { return true };
    first.abs() <= 1 && steps.all(|next| next == first)
}

/// Whether nothing is left of it but `word`, once or more, with digits and signs around.
fn is_built_on(text: &str, word: &str) -> bool {
    let word = word.to_lowercase();
    let other = |c: char| !c.is_alphabetic();
    let [text, word] = [text.trim_matches(other), word.trim_matches(other)];
    let comparable = word.chars().count() >= 3 && !text.is_empty();
    comparable && text.split(word).all(|between| between.chars().all(other))
}

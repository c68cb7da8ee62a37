//! Which passwords are accepted (S32, NIST SP 800-63B-4 §3.1.1.2).

use secrecy::SecretString;
use zeroize::Zeroizing;

use super::commonest::COMMON;
use super::composed::composed;
use super::guess::{Guess, guess};

/// The rule for new passwords: length and a blocklist, nothing about kinds of characters.
///
/// A character is a Unicode scalar value, as NIST counts, after the letters were composed: é is one, typed as two or not.
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
    #[error("this password is one of the most common ones, or built on one: choose another")]
    Common,
    /// Something short again and again, or rows of the keyboard or alphabet.
    #[error("this password is a repetition or a sequence: choose another")]
    Pattern,
    /// The login, the name, the company or the product, perhaps with digits around it.
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
        composed(password).chars().count() >= Self::LONG
    }

    /// Judges `password`. `words` are what an attacker tries first for this person: login, name, company, product.
    ///
    /// # Errors
    /// The first reason against it.
    pub fn check(self, password: &SecretString, words: &[&str]) -> Result<(), WeakPassword> {
        let text = composed(password);
        // How much is composed before this is bounded by the limit on request bodies.
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
            () => match guess(&folded, words) {
                Some(Guess::Common) => Err(WeakPassword::Common),
                Some(Guess::Pattern) => Err(WeakPassword::Pattern),
                Some(Guess::Own) => Err(WeakPassword::Obvious),
                None => Ok(()),
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(rule: PasswordRule, text: &str) -> Result<(), WeakPassword> {
        rule.check(&text.to_owned().into(), &["Twostep", "acme", "ana.b@example.com", "ana.b", "x"])
    }

    #[test]
    fn s32_eight_characters_with_a_second_step_fifteen_alone() {
        use PasswordRule::{Alone, WithSecondStep};
        assert_eq!(check(WithSecondStep, "tree fog"), Ok(()));
        assert_eq!(check(WithSecondStep, "tree fo"), Err(WeakPassword::TooShort { least: 8 }));
        assert_eq!(check(Alone, "tree fog lamp 1"), Ok(()));
        assert_eq!(check(Alone, "tree fog lamp "), Err(WeakPassword::TooShort { least: 15 }));
        assert_eq!(check(WithSecondStep, "žluťoučk"), Ok(()), "characters, not bytes");
        assert!(PasswordRule::is_long(&"tree fog lamp 1".to_owned().into()));
        assert!(!PasswordRule::is_long(&"tree fog lamp ".to_owned().into()));
    }

    #[test]
    fn s32_an_accent_makes_no_character_more_however_it_is_typed() {
        assert_eq!(
            check(PasswordRule::WithSecondStep, "e\u{301}le\u{300}ve"),
            Err(WeakPassword::TooShort { least: 8 })
        );
        assert!(!PasswordRule::is_long(&"tree fog e\u{301}le\u{300}v".to_owned().into()));
        let most = "e\u{301}tre\u{300}s lampe ".chars().cycle().take(300).collect::<String>();
        assert_eq!(check(PasswordRule::Alone, &most), Ok(()), "256 of 300 typed ones");
        assert_eq!(check(PasswordRule::Alone, &(most + "e")), Err(WeakPassword::TooLong));
    }

    #[test]
    fn s32_64_characters_and_more_are_allowed_up_to_256() {
        let text = |length: usize| "tree fog lamp 18 ".chars().cycle().take(length).collect::<String>();
        for length in [64, 65, 256] {
            assert_eq!(check(PasswordRule::Alone, &text(length)), Ok(()), "{length}");
        }
        assert_eq!(check(PasswordRule::Alone, &text(257)), Err(WeakPassword::TooLong));
        assert_eq!(check(PasswordRule::Alone, &text(100_000)), Err(WeakPassword::TooLong));
    }

    #[test]
    fn s32_no_kind_of_character_is_asked_for() {
        for text in [
            "treefoglampstone",
            "TREEFOGLAMPSTONE",
            "8362910475638291",
            "…—–•†‡§¶ßðøþ¿¡«»",
            "   fog   tree   ",
        ] {
            assert_eq!(check(PasswordRule::Alone, text), Ok(()), "{text}");
        }
    }

    #[test]
    fn s32_common_repeated_and_obvious_passwords_are_refused() {
        let why = |text| check(PasswordRule::WithSecondStep, text).unwrap_err();
        for text in ["password1", "Passw0rd", "QWERTYUIOP", "iloveyou", "1q2w3e4r"] {
            assert_eq!(why(text), WeakPassword::Common, "{text}");
        }
        for text in ["zzzzzzzz", "bcdefghi", "zyxwvuts", "……………………"] {
            assert_eq!(why(text), WeakPassword::Pattern, "{text}");
        }
        for text in [
            "Twostep2026",
            "acme1234",
            "!!ACME!!",
            "acmeacme",
            "acme-acme",
            "Ana.B@example.com",
            "ana.b.2026",
        ] {
            assert_eq!(why(text), WeakPassword::Obvious, "{text}");
        }
        for text in ["acmetreefog", "bananabread", "xylophone", "extra fog"] {
            assert_eq!(check(PasswordRule::WithSecondStep, text), Ok(()), "{text}");
        }
    }

    #[test]
    fn the_list_is_in_the_form_that_is_compared() {
        assert!(COMMON.len() > 500);
        assert!(COMMON.iter().all(|line| line.chars().count() >= 8 && *line == line.to_lowercase()));
    }
}

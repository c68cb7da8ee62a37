//! First guesses: what guessing programs try before they try everything (S32).
//!
//! They take the words that everybody uses and those of the person, and put rows of keys, digits and signs around them.

use std::sync::LazyLock;

use super::commonest::COMMON;

/// Rows that fingers go along, and the alphabet; backwards, too.
const ROWS: &[&str] = &[
    "1234567890",
    "abcdefghijklmnopqrstuvwxyz",
    "qwertyuiop",
    "asdfghjkl",
    "zxcvbnm",
    "qwertzuiopü",
    "asdfghjklöä",
    "yxcvbnm",
    "azertyuiop",
    "qsdfghjklm",
    "wxcvbn",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p",
];

/// Words that guesses are built on, beside those of the list: in the languages of the product.
const WORDS: &[&str] = &[
    "admin",
    "administrator",
    "autumn",
    "azerty",
    "bonjour",
    "changeme",
    "contraseña",
    "default",
    "dragon",
    "football",
    "geheim",
    "hallo",
    "hello",
    "hola",
    "jelszo",
    "jelszó",
    "kennwort",
    "letmein",
    "login",
    "love",
    "master",
    "monkey",
    "motdepasse",
    "pass",
    "password",
    "passwort",
    "qwerty",
    "qwertz",
    "secret",
    "sommer",
    "spring",
    "summer",
    "szeretlek",
    "test",
    "user",
    "welcome",
    "willkommen",
    "winter",
];

/// Keys in a row that make one.
const ROW: usize = 3;

/// A unit that is repeated is a pattern where it is shorter than any password may be.
const UNIT: usize = 8;

/// Those words and what the common passwords are built on.
static BASES: LazyLock<Vec<Vec<char>>> = LazyLock::new(|| {
    let of_list = COMMON.iter().map(|line| line.trim_matches(|c: char| !c.is_alphabetic()));
    let mut bases: Vec<Vec<char>> =
        of_list.chain(WORDS.iter().copied()).filter(|base| base.chars().count() >= 4).map(letters).collect();
    bases.sort();
    bases.dedup();
    bases
});

/// What a first guess is built on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Guess {
    /// Repetition, rows of keys.
    Pattern,
    /// The person's own words.
    Own,
    /// A common word.
    Common,
}

/// What `text` (in lower case) is built on, where it is a first guess; `own` are the person's words.
pub(super) fn guess(text: &str, own: &[&str]) -> Option<Guess> {
    let text = zeroize::Zeroizing::new(letters(text));
    if !has_letters(&text) {
        // Digits alone that are no rows are as good as anything.
        return (is_repetition(&text) || is_rows(&text)).then_some(Guess::Pattern);
    }
    let mut pieces = Vec::new();
    if is_made_of(&text, &pieces) {
        return Some(Guess::Pattern);
    }
    for word in own.iter().map(|word| word.to_lowercase()) {
        let parts = word.split(|c: char| !c.is_alphabetic());
        let all = parts.chain(word.split('@')).chain([word.as_str()]).map(letters);
        pieces.extend(all.filter(|part| part.len() >= ROW));
    }
    if is_made_of(&text, &pieces) {
        return Some(Guess::Own);
    }
    if is_repetition(&text) {
        return Some(Guess::Pattern);
    }
    let common = BASES.iter().filter(|base| (0..text.len()).any(|at| begins(&text[at..], base)));
    for base in common {
        pieces.push(base.clone());
        if is_made_of(&text, &pieces) {
            return Some(Guess::Common);
        }
        pieces.pop();
    }
    None
}

fn letters(text: &str) -> Vec<char> {
    text.chars().collect()
}

fn has_letters(text: &[char]) -> bool {
    text.iter().any(|c| c.is_alphabetic())
}

/// Whether one short unit is all there is, the last time perhaps not to its end.
fn is_repetition(text: &[char]) -> bool {
    (1..UNIT)
        .filter(|unit| unit * 2 <= text.len())
        .any(|unit| text.iter().zip(&text[unit..]).all(|(a, b)| a == b))
}

/// Whether there is nothing but rows.
fn is_rows(text: &[char]) -> bool {
    covers(text, |rest, reach| rows(rest, reach))
}

/// Whether there is nothing but `pieces` and rows, with digits and signs around.
fn is_made_of(text: &[char], pieces: &[Vec<char>]) -> bool {
    covers(text, |rest, reach| {
        if !rest[0].is_alphabetic() {
            reach(1);
        }
        for piece in pieces.iter().filter(|piece| begins(rest, piece)) {
            reach(piece.len());
        }
        rows(rest, reach);
    })
}

/// Whether steps lead from the beginning to the end; `steps` gives the lengths of those that can be taken.
fn covers(text: &[char], steps: impl Fn(&[char], &mut dyn FnMut(usize))) -> bool {
    let mut reached = vec![false; text.len() + 1];
    reached[0] = true;
    for at in 0..text.len() {
        if reached[at] {
            steps(&text[at..], &mut |length| reached[at + length] = true);
        }
    }
    reached[text.len()]
}

/// The lengths of the rows that `rest` begins with: neighbours on a keyboard or in the alphabet, or one key held down.
fn rows(rest: &[char], reach: &mut dyn FnMut(usize)) {
    let mut found = |same: usize| (ROW..=same).for_each(&mut *reach);
    found(rest.iter().take_while(|c| **c == rest[0]).count());
    for row in ROWS {
        let forwards = letters(row);
        let backwards: Vec<char> = forwards.iter().rev().copied().collect();
        for row in [forwards, backwards] {
            let Some(start) = row.iter().position(|c| *c == rest[0]) else { continue };
            found(rest.iter().zip(&row[start..]).take_while(|(a, b)| a == b).count());
        }
    }
}

/// Whether `text` begins with `piece`, perhaps with the usual signs in place of letters.
fn begins(text: &[char], piece: &[char]) -> bool {
    text.len() >= piece.len() && text.iter().zip(piece).all(|(a, b)| a == b || stands_for(*a) == Some(*b))
}

fn stands_for(sign: char) -> Option<char> {
    match sign {
        '@' | '4' => Some('a'),
        '3' => Some('e'),
        '1' | '!' => Some('i'),
        '0' => Some('o'),
        '5' | '$' => Some('s'),
        '7' => Some('t'),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const OWN: &[&str] = &["Twostep", "Acme Trading", "ana.b@example.com", "Ana Berg", "x"];

    #[test]
    fn s32_first_guesses_are_found_whatever_is_around_them() {
        use Guess::{Common, Own, Pattern};
        for (text, expected) in [
            ("password1234567", Common),
            ("password20261124", Common),
            ("1234567password", Common),
            ("p@ssw0rd!!!!!!!", Common),
            ("pa55word-pa55word", Common),
            ("passwordpassword", Common),
            ("password.qwerty1", Common),
            ("acmepassword12345", Common),
            ("welcome@acme123", Common),
            ("letmeinletmein!", Common),
            ("summer2026summer", Common),
            ("jelszó1234567890", Common),
            ("ana.berg.12345678", Own),
            ("anaacmetwostep1", Own),
            ("ana.b.2026.ana.b", Own),
            ("tw0st3p-20261124", Own),
            ("aaaaaaaaaaaaaaaa", Pattern),
            ("abcabcabcabcabcab", Pattern),
            ("20262026202620262", Pattern),
            ("123456789012345", Pattern),
            ("987654321098765", Pattern),
            ("qwertyuiopasdfgh", Pattern),
            ("1qaz2wsx3edc4rfv", Pattern),
            ("abc123456789012", Pattern),
            ("qwertz1234567890", Pattern),
        ] {
            assert_eq!(guess(text, OWN), Some(expected), "{text}");
        }
    }

    #[test]
    fn s32_what_has_words_of_its_own_is_no_first_guess() {
        for text in [
            "tree fog lamp 1",
            "my password is tree",
            "acme tree fog 12",
            "monkey dragon sunshine",
            "8362910475638291",
            "correct horse battery staple",
            "x7#kq2!vbn0-pod",
            "ana likes sunshine",
            "žluťoučký kůň 77",
        ] {
            assert_eq!(guess(text, OWN), None, "{text}");
        }
    }

    #[test]
    fn the_longest_password_is_judged_at_once() {
        let text: String = "tree fog lamp 18 password ".chars().cycle().take(256).collect();
        assert_eq!(guess(&text, OWN), None);
    }
}

//! Reasons in people's own words.

use crate::visible::invisible;

/// The most characters that a reason may have.
pub const MAX_REASON: usize = 500;

/// Whether `reason` may stand in an event.
pub(crate) fn reason_fits(reason: &str) -> bool {
    reason.chars().count() <= MAX_REASON
}

/// `reason` as one line of a mail. Nothing where it is empty, or where it would carry somebody's link under our sender (S29):
/// anything that mail programs may make a link of, also a bare `host.example`, and characters that hide what stands there.
#[must_use]
pub fn reason_for_mail(reason: &str) -> Option<String> {
    let line = reason.split_whitespace().collect::<Vec<_>>().join(" ");
    let fits = !line.is_empty() && !line.chars().any(invisible) && !line.split(' ').any(like_a_link);
    fits.then_some(line)
}

/// Somebody's name as it may stand in a mail to others: no mail program makes a link of it under our sender (S29). A dot that
/// could be a host's is followed by a space, as it is in most names anyway.
#[must_use]
pub fn name_for_mail(name: &str) -> String {
    let words = name.split_whitespace().map(|word| match like_a_link(word) {
        true => word.replace(DOTS, ". ").replace("://", ": ").trim_end().to_owned(),
        false => word.to_owned(),
    });
    words.collect::<Vec<_>>().join(" ").chars().take(64).collect()
}

/// A dot, and those of other scripts, which browsers read as dots, too.
const DOTS: [char; 4] = ['.', '\u{3002}', '\u{ff0e}', '\u{ff61}'];

/// Whether a word holds a scheme, or a dot between what could be a host and its top-level domain.
fn like_a_link(word: &str) -> bool {
    let labels: Vec<&str> = word.split(DOTS).collect();
    let host = labels.windows(2).any(|pair| {
        let top: String = pair[1].chars().take_while(|c| c.is_alphanumeric() || *c == '-').collect();
        pair[0].ends_with(char::is_alphanumeric)
            && top.chars().count() > 1
            && top.starts_with(char::is_alphabetic)
    });
    host || word.contains("://")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reason_is_mailed_as_one_line() {
        assert_eq!(reason_for_mail(" the phone\n is lost ").as_deref(), Some("the phone is lost"));
        assert_eq!(reason_for_mail(" \n "), None);
    }

    #[test]
    fn what_could_become_a_link_is_not_mailed() {
        for bait in [
            "verify at https://x/y",
            "see ftp://x",
            "www.evil.example",
            "go to EVIL.example/x now",
            "(evil.example)",
            "ask it@evil.example",
            "b\u{fc}cher.example",
            "evil.xn--p1ai",
            "evil\u{3002}example",
            "evil.exam\u{200b}ple",
            "\u{202e}elpmaxe.live",
        ] {
            assert_eq!(reason_for_mail(bait), None, "{bait}");
        }
    }

    #[test]
    fn a_name_is_mailed_and_is_no_link() {
        for (name, mailed) in [
            ("Ada Lovelace", "Ada Lovelace"),
            ("Dr. A. Lovelace", "Dr. A. Lovelace"),
            ("Dr.Lovelace", "Dr. Lovelace"),
            ("Ada evil.example/x", "Ada evil. example/x"),
            ("evil\u{3002}example", "evil. example"),
            ("a.b.example.", "a. b. example."),
            ("ftp://x", "ftp: x"),
        ] {
            assert_eq!(name_for_mail(name), mailed);
            assert!(!name_for_mail(name).split(' ').any(like_a_link), "{name}");
        }
        assert_eq!(name_for_mail(&"a.bc".repeat(40)).chars().count(), 64);
    }

    #[test]
    fn what_only_has_dots_is_mailed() {
        for plain in [
            "New phone. Old one lost.",
            "e.g. a tablet",
            "Console 7.50.3572",
            "lost…really",
            "24.11. at 9.30",
        ] {
            assert_eq!(reason_for_mail(plain).as_deref(), Some(plain));
        }
    }
}

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

/// Whether a word holds a scheme, or a dot between what could be a host and its top-level domain.
fn like_a_link(word: &str) -> bool {
    // Browsers read the wide dots of other scripts as dots, too.
    let word = word.replace(['\u{3002}', '\u{ff0e}', '\u{ff61}'], ".");
    let labels: Vec<&str> = word.split('.').collect();
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

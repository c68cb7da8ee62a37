//! Whether a text is one segment (3GPP TS 23.038): 160 septets in the GSM alphabet, else 70 UTF-16 units.

/// The basic alphabet.
const BASIC: &str = "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?\
                     ¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà";
/// What costs two septets.
const EXTENDED: &str = "\u{c}^{}\\[~]|€";

/// Whether `text` is one segment.
pub(super) fn is_one(text: &str) -> bool {
    match septets(text) {
        Some(septets) => septets <= 160,
        None => text.encode_utf16().count() <= 70,
    }
}

/// Whether `text` can be said in the GSM alphabet.
pub(crate) fn is_gsm(text: &str) -> bool {
    septets(text).is_some()
}

/// Its length in septets; `None` when it needs UCS-2.
fn septets(text: &str) -> Option<usize> {
    let cost = |c: char| match c {
        c if BASIC.contains(c) => Some(1),
        c if EXTENDED.contains(c) => Some(2),
        _ => None,
    };
    text.chars().map(cost).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_gsm_alphabet_takes_160_and_its_extension_costs_two() {
        assert!(is_one(&"ä".repeat(160)) && !is_one(&"ä".repeat(161)));
        assert!(is_one(&"€".repeat(80)) && !is_one(&"€".repeat(81)));
        assert_eq!(septets("a[b]\n@x.example #123456"), Some(25));
    }

    #[test]
    fn one_foreign_letter_makes_it_seventy() {
        assert!(is_one(&format!("ő{}", "a".repeat(69))) && !is_one(&format!("ő{}", "a".repeat(70))));
        assert!(is_one(&"😀".repeat(35)) && !is_one(&"😀".repeat(36)));
    }
}

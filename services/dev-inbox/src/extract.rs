//! Finds codes and links in a text, as a person would.

/// The first run of exactly six digits, written together or as `123 456`.
pub(crate) fn code(text: &str) -> Option<String> {
    let mut rest = text;
    while let Some(start) = rest.find(|c: char| c.is_ascii_digit()) {
        let standing_alone = !rest[..start].ends_with(|c: char| c.is_alphanumeric() || "/=-_+.".contains(c));
        let run = &rest[start..];
        let first = digits(run);
        let found = match first.len() {
            6 => Some((first.to_owned(), 6)),
            3 => run[3..]
                .strip_prefix(' ')
                .map(digits)
                .filter(|second| second.len() == 3)
                .map(|second| (format!("{first}{second}"), 7)),
            _ => None,
        };
        let after = found.as_ref().map_or(first.len(), |(_, length)| *length);
        if let Some((code, length)) = found {
            let ends = !run[length..].starts_with(|c: char| c.is_alphanumeric() || "/=-_".contains(c));
            if standing_alone && ends {
                return Some(code);
            }
        }
        rest = &rest[start + after..];
    }
    None
}

fn digits(text: &str) -> &str {
    &text[..text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len())]
}

/// Every `http://` and `https://` link.
pub(crate) fn links(text: &str) -> Vec<String> {
    let link = |word: &str| {
        let start = word.find("https://").or_else(|| word.find("http://"))?;
        let link = word[start..].trim_end_matches(['.', ',', ')', '>', '"', '\'']);
        Some(link.to_owned())
    };
    text.split_whitespace().filter_map(link).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_found_together_or_in_two_groups() {
        assert_eq!(code("Your code: 123456.").as_deref(), Some("123456"));
        assert_eq!(code("at 10:15, code 123 456\nends").as_deref(), Some("123456"));
        assert_eq!(code("code\n@acme.example #654321").as_deref(), Some("654321"));
    }

    #[test]
    fn other_numbers_are_no_codes() {
        for text in
            ["12345", "1234567", "123 4567", "2026-11-24", "https://x.example/a/123456", "a123456", ""]
        {
            assert_eq!(code(text), None, "{text}");
        }
    }

    #[test]
    fn links_are_found_without_their_punctuation() {
        let text = "Open <https://x.example/v/abc>.\nOr http://127.0.0.1:1/x, now";
        assert_eq!(links(text), ["https://x.example/v/abc", "http://127.0.0.1:1/x"]);
    }
}

//! What a reader sees of a text.

use unicode_normalization::char::is_combining_mark;

/// Whether there is anything to see in `text`: not only spaces, accents without a letter, and what is drawn as nothing.
#[must_use]
pub fn says_something(text: &str) -> bool {
    text.chars().any(|c| !c.is_whitespace() && !is_combining_mark(c) && !pictureless(c))
}

/// Whether a character controls how a line is shown, rather than being shown.
pub(crate) fn invisible(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

/// Whether a character has no picture of its own: those that Unicode calls default ignorable (UAX #44), and letters that are
/// drawn as an empty place.
pub(crate) fn pictureless(c: char) -> bool {
    invisible(c)
        || matches!(
            c,
            '\u{ad}'
                | '\u{34f}'
                | '\u{61c}'
                | '\u{115f}'..='\u{1160}'
                | '\u{17b4}'..='\u{17b5}'
                | '\u{180b}'..='\u{180f}'
                | '\u{206a}'..='\u{206f}'
                | '\u{2800}'
                | '\u{3164}'
                | '\u{fe00}'..='\u{fe0f}'
                | '\u{ffa0}'
                | '\u{fff0}'..='\u{fff8}'
                | '\u{1bca0}'..='\u{1bca3}'
                | '\u{1d173}'..='\u{1d17a}'
                | '\u{e0000}'..='\u{e0fff}'
        )
}

/// Whether a character chooses another picture for the one before it: of an emoji, or of a letter in a Japanese name.
pub(crate) fn varies(c: char) -> bool {
    matches!(c, '\u{fe00}'..='\u{fe0f}' | '\u{e0100}'..='\u{e01ef}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_without_anything_to_see_says_nothing() {
        for nothing in
            ["", "  ", " \u{200b} ", "\u{2800}", "\u{301}", "\u{ad}\u{feff}\u{3164}", "\n\t", "\u{e0041}"]
        {
            assert!(!says_something(nothing), "{nothing:?}");
        }
        for something in ["audit", "…", "監査", " \u{200b}x", "e\u{301}", "👩\u{200d}💻"] {
            assert!(says_something(something), "{something:?}");
        }
    }
}

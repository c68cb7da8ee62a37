//! Names that stand in a line.

/// `text` in one line: a name must not be able to write a line of its own.
#[must_use]
pub fn one_line(text: &str) -> String {
    text.split(|c: char| c.is_control()).filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
}

//! A line that lets a person judge a message.

/// One line: what it is, and what it says.
pub(super) struct Fact {
    pub(super) label: String,
    pub(super) value: String,
}

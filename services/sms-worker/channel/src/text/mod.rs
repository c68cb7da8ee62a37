//! What texts say: one segment, every string from Fluent, the code bound to its host in the last line.

mod render;
mod segment;

use twostep_languages::Languages;

/// The texts of every language there is.
pub(crate) struct Texts(Languages);

impl Texts {
    pub(crate) fn new() -> Self {
        Self(Languages::new(include_str!("../../locales/en.ftl")))
    }
}

//! What mails say: every string from Fluent, the shape from two templates.

mod facts;
mod news;
mod render;

pub(crate) use render::Rendered;

use twostep_languages::Languages;

/// The texts of every language there is.
pub(crate) struct Texts(Languages);

impl Texts {
    pub(crate) fn new() -> Self {
        Self(Languages::new(include_str!("../../locales/en.ftl")))
    }
}

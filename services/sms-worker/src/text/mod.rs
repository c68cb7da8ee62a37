//! What texts say: one segment, every string from Fluent, the code bound to its host in the last line.

mod bundle;
mod render;
mod segment;

use bundle::Bundle;

/// The texts of every language there is.
pub(crate) struct Texts {
    english: Bundle,
}

impl Texts {
    pub(crate) fn new() -> Self {
        Self { english: Bundle::new("en", include_str!("../../locales/en.ftl")) }
    }

    /// The texts of `locale`; English where there are none yet.
    fn bundle(&self, locale: twostep_domain::Locale) -> &Bundle {
        match locale {
            twostep_domain::Locale::En
            | twostep_domain::Locale::De
            | twostep_domain::Locale::Fr
            | twostep_domain::Locale::Es
            | twostep_domain::Locale::Hu => &self.english,
        }
    }
}

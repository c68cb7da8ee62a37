//! Every language there is.

use twostep_domain::Locale;

use crate::Language;

/// One channel's strings in every language there is.
pub struct Languages {
    english: Language,
}

impl Languages {
    /// The strings of these files, which are part of the program.
    ///
    /// # Panics
    /// A file isn't Fluent, or uses a name twice.
    #[must_use]
    pub fn new(english: &str) -> Self {
        Self { english: Language::new("en", english) }
    }

    /// The language of `locale`; English where there is none yet.
    #[must_use]
    pub fn of(&self, locale: Locale) -> &Language {
        match locale {
            Locale::En | Locale::De | Locale::Fr | Locale::Es | Locale::Hu => &self.english,
        }
    }
}

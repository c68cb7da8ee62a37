//! Every language there is.

use twostep_domain::Locale;

use crate::Language;

/// One channel's Fluent files, which are part of the program.
pub struct Sources {
    /// English, which stands in where another language lacks a string.
    pub en: &'static str,
    /// German.
    pub de: &'static str,
    /// French.
    pub fr: &'static str,
    /// Spanish.
    pub es: &'static str,
    /// Hungarian.
    pub hu: &'static str,
}

/// One channel's strings in every language there is.
pub struct Languages {
    en: Language,
    de: Language,
    fr: Language,
    es: Language,
    hu: Language,
}

impl Languages {
    /// The strings of these files.
    ///
    /// # Panics
    /// A file isn't Fluent.
    #[must_use]
    pub fn new(sources: Sources) -> Self {
        let Sources { en, de, fr, es, hu } = sources;
        let language = |locale: Locale, source| Language::new(locale.tag(), en, source);
        Self {
            en: language(Locale::En, en),
            de: language(Locale::De, de),
            fr: language(Locale::Fr, fr),
            es: language(Locale::Es, es),
            hu: language(Locale::Hu, hu),
        }
    }

    /// The language of `locale`.
    #[must_use]
    pub fn of(&self, locale: Locale) -> &Language {
        match locale {
            Locale::En => &self.en,
            Locale::De => &self.de,
            Locale::Fr => &self.fr,
            Locale::Es => &self.es,
            Locale::Hu => &self.hu,
        }
    }
}

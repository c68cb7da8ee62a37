//! What texts say: one segment, every string from Fluent, the code bound to its host in the last line.

mod alphabet;
mod render;
mod segment;

use twostep_languages::{Languages, Sources};

pub(crate) use segment::is_gsm;

/// The texts of every language there is.
pub(crate) struct Texts(Languages);

impl Texts {
    pub(crate) fn new() -> Self {
        Self(Languages::new(Sources {
            en: include_str!("../../locales/en.ftl"),
            de: include_str!("../../locales/de.ftl"),
            fr: include_str!("../../locales/fr.ftl"),
            es: include_str!("../../locales/es.ftl"),
            hu: include_str!("../../locales/hu.ftl"),
        }))
    }
}

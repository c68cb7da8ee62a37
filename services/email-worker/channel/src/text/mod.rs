//! What mails say: every string from Fluent, the shape from two templates.

mod fact;
mod facts;
mod instant;
mod news;
mod render;

pub(crate) use render::Rendered;

use twostep_languages::{Languages, Sources};

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

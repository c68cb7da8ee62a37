//! One language.

use fluent_bundle::FluentResource;
use fluent_bundle::concurrent::FluentBundle;
use unic_langid::LanguageIdentifier;

use crate::Args;

/// One language's strings.
pub struct Language {
    tag: &'static str,
    fluent: FluentBundle<FluentResource>,
}

impl Language {
    /// Reads a language's file, and what stands in for a string that it lacks: both are part of the program.
    pub(crate) fn new(tag: &'static str, fallback: &str, source: &str) -> Self {
        let language: LanguageIdentifier = tag.parse().expect("a tag that is part of the program");
        let mut fluent = FluentBundle::new_concurrent(vec![language]);
        // The invisible marks that isolate arguments would end up in copied codes.
        fluent.set_use_isolating(false);
        fluent.add_resource_overriding(resource(fallback));
        fluent.add_resource_overriding(resource(source));
        Self { tag, fluent }
    }

    /// Its tag (BCP 47), as HTML and mails name it.
    #[must_use]
    pub fn tag(&self) -> &'static str {
        self.tag
    }

    /// The string `id`, or its attribute written `id.attribute`; `None` where there is none.
    #[must_use]
    pub fn get(&self, id: &str, args: &Args<'_>) -> Option<String> {
        let (id, attribute) = id.split_once('.').map_or((id, None), |(id, name)| (id, Some(name)));
        let message = self.fluent.get_message(id)?;
        let pattern = match attribute {
            None => message.value()?,
            Some(name) => message.get_attribute(name)?.value(),
        };
        let mut errors = Vec::new();
        let text = self.fluent.format_pattern(pattern, Some(args), &mut errors);
        if !errors.is_empty() {
            tracing::error!(id, language = self.tag, "a string needs an argument that it isn't given");
        }
        Some(text.into_owned())
    }
}

fn resource(source: &str) -> FluentResource {
    FluentResource::try_new(source.to_owned()).expect("a file that is part of the program")
}

//! What a channel says in each language: Fluent files that are part of the program, chosen by a person's locale.

mod language;
mod languages;
mod one_line;

pub use fluent_bundle::FluentArgs as Args;
pub use language::Language;
pub use languages::{Languages, Sources};
pub use one_line::one_line;

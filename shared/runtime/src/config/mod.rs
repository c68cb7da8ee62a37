//! Settings in layers: flag over environment over file over default.
//!
//! Each program describes its settings once: a struct that denies unknown fields, and a TOML text with the default of
//! every setting ([`Settings::DEFAULTS`]), which is also their reference. A setting `http.listen` is
//! `[http] listen = …` in the file and `TWOSTEP_HTTP__LISTEN` in the environment. A secret `smtp.password` can also be
//! given as the path of a file that holds it: `smtp.password_file`, `TWOSTEP_SMTP__PASSWORD_FILE`.
//!
//! ```
//! use twostep_runtime::config::{Layers, Secret, Settings, load};
//!
//! #[derive(serde::Deserialize)]
//! #[serde(deny_unknown_fields)]
//! struct Mail {
//!     host: String,
//!     port: u16,
//!     password: Option<Secret>,
//! }
//!
//! impl Settings for Mail {
//!     const DEFAULTS: &'static str = "host = 'localhost'\nport = 25\n";
//!     const SECRETS: &'static [&'static str] = &["password"];
//! }
//!
//! let environment = [("TWOSTEP_PASSWORD".to_owned(), "hunter2".to_owned())];
//! let loaded = load::<Mail>(Layers::new().environment(environment).flag("port", Some(587))).unwrap();
//! assert_eq!((loaded.settings.host.as_str(), loaded.settings.port), ("localhost", 587));
//! assert_eq!(loaded.settings.password.unwrap().expose(), "hunter2");
//! assert!(loaded.effective.to_string().contains("port = 587 # flag"));
//! assert!(!loaded.effective.to_string().contains("hunter2"));
//! ```

mod check;
mod choice;
mod effective;
mod error;
mod layer;
mod layers;
mod lines;
mod secret;
mod shown;
mod survey;
#[cfg(test)]
mod tests;
mod variable;

use serde::de::DeserializeOwned;

pub use check::{Checked, Judged, Printed};
pub use choice::{choice, choices};
pub use effective::Effective;
pub use error::SettingsError;
pub use layers::Layers;
pub use secret::Secret;
pub use survey::{Survey, survey};

/// The settings of one program.
///
/// The implementing struct and those inside it say `#[serde(deny_unknown_fields)]`.
pub trait Settings: DeserializeOwned {
    /// TOML with the default of every setting that has one.
    const DEFAULTS: &'static str;
    /// The dotted names of every [`Secret`]; `*` stands for any one part (`providers.*.token`). A [`Secret`] that isn't
    /// listed can't be set, a listed setting that isn't a [`Secret`] neither.
    const SECRETS: &'static [&'static str];
    /// The dotted names of settings that are no [`Secret`]s and are shown as little as one: people put secrets there, too.
    const HIDDEN: &'static [&'static str] = &[];
    /// Where settings come from that nobody can think up, by their dotted names: said where one is missing.
    const HINTS: &'static [(&'static str, &'static str)] = &[];
}

/// Settings, and where each came from.
pub struct Loaded<S> {
    /// What the program works with.
    pub settings: S,
    /// The same for people, without secrets.
    pub effective: Effective,
    /// What doesn't keep a program from starting and is worth saying.
    pub warnings: Vec<String>,
}

/// Reads all layers and merges them.
///
/// # Errors
/// A file that can't be read; an unknown name, a wrong type or a missing setting: the message names setting and source.
pub fn load<S: Settings>(layers: Layers) -> Result<Loaded<S>, SettingsError> {
    let mut found = layer::Found::default();
    let (merged, _) = layers.merge(S::DEFAULTS, S::SECRETS, &mut found)?;
    if let Some(fault) = found.faults.into_iter().next() {
        return Err(fault);
    }
    let effective = Effective::new(merged, S::SECRETS, S::HIDDEN);
    let settings =
        S::deserialize(effective.tree()?).map_err(|error| effective.unfit(error).hinted(S::HINTS))?;
    Ok(Loaded { settings, effective, warnings: found.warnings })
}

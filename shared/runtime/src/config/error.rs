use std::io;
use std::path::PathBuf;

use config::ConfigError;

use super::variable;

/// Why settings can't be used.
#[derive(Debug, thiserror::Error)]
pub enum SettingsError {
    /// The file of settings can't be read.
    #[error("reading the settings in {}", path.display())]
    Read {
        /// Which file.
        path: PathBuf,
        /// What failed.
        #[source]
        source: io::Error,
    },
    /// A text of settings isn't TOML.
    #[error("the settings in {origin} are not TOML")]
    Toml {
        /// Where they stand.
        origin: String,
        /// What is wrong with it.
        #[source]
        source: toml::de::Error,
    },
    /// The file that holds a secret can't be read.
    #[error("reading {key} from {}, which {origin} names", path.display())]
    SecretFile {
        /// The secret.
        key: String,
        /// Where its file is named.
        origin: String,
        /// Which file.
        path: PathBuf,
        /// What failed.
        #[source]
        source: io::Error,
    },
    /// A secret and the file that holds it are given side by side.
    #[error("{key} and {key}_file are both set by {origin}; give one of them")]
    Twice {
        /// The secret.
        key: String,
        /// Where.
        origin: String,
    },
    /// There is no such setting.
    #[error("there is no setting {key}, but {origin} sets it (here: {expected})")]
    Unknown {
        /// Its dotted name.
        key: String,
        /// Where it is set.
        origin: String,
        /// What exists beside it.
        expected: String,
    },
    /// One place gives a value, another a table.
    #[error("{key} is a group of settings, but {origin} sets it to a value")]
    Group {
        /// Its dotted name.
        key: String,
        /// Where it is set to a value.
        origin: String,
    },
    /// A setting without default is missing.
    #[error(
        "{key} is missing and has no default: set it in the file, or {} in the environment{}",
        variable::of(key),
        hint.map(|hint| format!("; {hint}")).unwrap_or_default()
    )]
    Missing {
        /// Its dotted name.
        key: String,
        /// Where it comes from, where nobody can think it up.
        hint: Option<&'static str>,
    },
    /// A value has the wrong type, or is out of its range.
    #[error("the settings{place} do not fit{}", range(source))]
    Unfit {
        /// Where it stands: ` in` and the source, where the cause doesn't say it.
        place: String,
        /// What is wrong.
        source: Box<ConfigError>,
    },
}

/// What can stand there, where the reader's words are a programmer's.
fn range(error: &ConfigError) -> &'static str {
    let said = error.to_string();
    if said.contains("a nonzero u16") {
        " (a number of 1 to 65535 belongs here)"
    } else if said.contains("a nonzero") {
        " (a number of 1 and more belongs here)"
    } else if said.contains("an unsigned 16 bit integer") {
        " (a number of 0 to 65535 belongs here)"
    } else if said.contains("invalid socket address syntax") {
        " (an IP address and a port of 0 to 65535 belong here, like 127.0.0.1:8400)"
    } else {
        ""
    }
}

impl SettingsError {
    /// The dotted name of the setting that is wrong, where it is one.
    pub(super) fn key(&self) -> Option<&str> {
        match self {
            Self::SecretFile { key, .. }
            | Self::Twice { key, .. }
            | Self::Unknown { key, .. }
            | Self::Group { key, .. }
            | Self::Missing { key, .. } => Some(key),
            Self::Read { .. } | Self::Toml { .. } | Self::Unfit { .. } => None,
        }
    }

    /// The dotted name of the setting that is missing, where one is.
    pub(super) fn missing(&self) -> Option<&str> {
        match self {
            Self::Missing { key, .. } => Some(key),
            _ => None,
        }
    }

    /// The same, with where a missing setting comes from.
    pub(super) fn hinted(mut self, hints: &[(&str, &'static str)]) -> Self {
        if let Self::Missing { key, hint } = &mut self {
            *hint = hints.iter().find(|(name, _)| name == key).map(|(_, hint)| *hint);
        }
        self
    }
}

use std::path::PathBuf;

use toml::Value;

use super::SettingsError;
use super::layer::{Found, Layer};

/// Variables that carry our prefix but are no settings: the command line reads them.
const NOT_SETTINGS: &[&str] = &["CONFIG", "DATA", "LOG", "LOG_FORMAT", "PROFILE", "TOKEN"];

/// Where settings come from, the weakest first: defaults, file, environment, flags.
#[derive(Clone, Default)]
pub struct Layers {
    file: Option<PathBuf>,
    environment: Vec<(String, String)>,
    flags: Layer,
}

impl Layers {
    /// Defaults only.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Defaults and this process's environment.
    #[must_use]
    pub fn from_process() -> Self {
        // A variable that isn't UTF-8 can't be one of ours.
        let variables = std::env::vars_os()
            .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)));
        Self::new().environment(variables)
    }

    /// Takes these variables for the environment; only `TWOSTEP_*` counts.
    #[must_use]
    pub fn environment(mut self, variables: impl IntoIterator<Item = (String, String)>) -> Self {
        self.environment = variables.into_iter().collect();
        self
    }

    /// Adds a TOML file.
    #[must_use]
    pub fn file(mut self, path: Option<PathBuf>) -> Self {
        self.file = path;
        self
    }

    /// Adds a setting given on the command line, by its dotted name; none: it wasn't given.
    #[must_use]
    pub fn flag(mut self, key: &str, value: Option<impl Into<Value>>) -> Self {
        if let Some(value) = value {
            self.flags.set(key.to_owned(), value.into(), format!("flag --{}", key.replace(['.', '_'], "-")));
        }
        self
    }

    /// One layer of them all, and the defaults alone. The file of a secret counts where it is named, and is read unless
    /// something stronger gives the secret; one that can't be read is a fault, and its secret has a value that means nothing.
    pub(super) fn merge(
        self,
        defaults: &str,
        secrets: &[&str],
        found: &mut Found,
    ) -> Result<(Layer, Layer), SettingsError> {
        let file = self.file.as_deref().map(Layer::from_file).transpose()?.unwrap_or_default();
        let environment = Layer::from_environment(&self.environment, NOT_SETTINGS);
        let defaults = Layer::from_toml(defaults, "default")?;
        let mut merged = Layer::default();
        for layer in [self.flags, environment, file, defaults.clone()] {
            let weaker = layer.without_files_of(&merged).read_secret_files(secrets, found).0;
            for (key, leaf) in weaker {
                merged.0.entry(key).or_insert(leaf);
            }
        }
        Ok((merged, defaults))
    }
}

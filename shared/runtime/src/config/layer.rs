use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use toml::{Table, Value};

use super::lines::lines;
use super::{SettingsError, variable};

/// One value and where it stands.
#[derive(Clone)]
pub(super) struct Leaf {
    pub(super) value: Value,
    pub(super) origin: String,
}

/// What was found on reading that doesn't end it.
#[derive(Default)]
pub(super) struct Found {
    pub(super) faults: Vec<SettingsError>,
    pub(super) warnings: Vec<String>,
}

/// Values by dotted name, from one place or merged from several.
#[derive(Clone, Default)]
pub(super) struct Layer(pub(super) BTreeMap<String, Leaf>);

impl Layer {
    pub(super) fn from_toml(text: &str, origin: &str) -> Result<Self, SettingsError> {
        let table = text
            .parse::<Table>()
            .map_err(|source| SettingsError::Toml { origin: origin.to_owned(), source })?;
        let mut layer = Self::default();
        layer.add_table("", table, origin);
        Ok(layer)
    }

    pub(super) fn from_file(path: &Path) -> Result<Self, SettingsError> {
        let text = fs::read_to_string(path)
            .map_err(|source| SettingsError::Read { path: path.to_owned(), source })?;
        let path = path.display();
        let mut layer = Self::from_toml(&text, &path.to_string())?;
        for (key, line) in lines(&text) {
            if let Some(leaf) = layer.0.get_mut(&key) {
                leaf.origin = format!("line {line} of {path}");
            }
        }
        Ok(layer)
    }

    /// Takes what starts with the prefix; `__` separates groups. A value in brackets is a TOML array.
    pub(super) fn from_environment(variables: &[(String, String)], not_ours: &[&str]) -> Self {
        let mut layer = Self::default();
        for (name, text) in variables {
            let Some(key) = variable::setting(name, not_ours) else { continue };
            layer.set(key, value_of(text), format!("the environment variable {name}"));
        }
        layer
    }

    pub(super) fn set(&mut self, key: String, value: Value, origin: String) {
        self.0.insert(key, Leaf { value, origin });
    }

    fn add_table(&mut self, prefix: &str, table: Table, origin: &str) {
        for (name, value) in table {
            let key = if prefix.is_empty() { name } else { format!("{prefix}.{name}") };
            match value {
                Value::Table(inner) => self.add_table(&key, inner, origin),
                leaf => self.set(key, leaf, origin.to_owned()),
            }
        }
    }

    /// Without the files of secrets that `stronger` gives: nobody needs them, nor a right to read them.
    pub(super) fn without_files_of(mut self, stronger: &Self) -> Self {
        self.0.retain(|key, _| {
            !key.strip_suffix("_file").is_some_and(|secret| stronger.0.contains_key(secret))
        });
        self
    }

    /// Replaces `<secret>_file` by what the file holds, without the newline at its end.
    pub(super) fn read_secret_files(mut self, secrets: &[&str], found: &mut Found) -> Self {
        let named: Vec<String> = self
            .0
            .keys()
            .filter_map(|key| key.strip_suffix("_file"))
            .filter(|key| is_secret(key, secrets))
            .map(str::to_owned)
            .collect();
        for key in named {
            let Some(Leaf { value, origin }) = self.0.remove(&format!("{key}_file")) else { continue };
            if self.0.contains_key(&key) {
                found.faults.push(SettingsError::Twice { key, origin });
                continue;
            }
            let path = Path::new(value.as_str().unwrap_or_default()).to_owned();
            let text = match fs::read_to_string(&path) {
                Ok(text) => text,
                Err(source) => {
                    let fault = SettingsError::SecretFile { key: key.clone(), origin, path, source };
                    found.faults.push(fault);
                    self.set(key, Value::String(String::new()), "nothing".to_owned());
                    continue;
                }
            };
            if is_open(&path) {
                let path = path.display();
                found
                    .warnings
                    .push(format!("{path}, which holds {key}, is open to others: chmod 640 or 600 {path}"));
            }
            let secret = Value::String(text.trim_end_matches(['\r', '\n']).to_owned());
            self.set(key, secret, format!("{}, which {origin} names", path.display()));
        }
        self
    }
}

/// Whether a dotted name matches one of the patterns.
pub(super) fn is_secret(key: &str, secrets: &[&str]) -> bool {
    let matches = |pattern: &str| {
        let (mut wanted, mut given) = (pattern.split('.'), key.split('.'));
        loop {
            match (wanted.next(), given.next()) {
                (None, None) => return true,
                (Some("*"), Some(_)) => {}
                (Some(wanted), Some(given)) if wanted == given => {}
                _ => return false,
            }
        }
    };
    secrets.iter().any(|pattern| matches(pattern))
}

/// Whether others than the file's owner and group read it, or others than its owner write it.
fn is_open(path: &Path) -> bool {
    fs::metadata(path).is_ok_and(|file| file.permissions().mode() & 0o027 != 0)
}

fn value_of(text: &str) -> Value {
    let array = text.trim_start().starts_with('[').then(|| format!("value = {text}").parse::<Table>());
    array
        .and_then(Result::ok)
        .and_then(|mut table| table.remove("value"))
        .unwrap_or_else(|| Value::String(text.to_owned()))
}

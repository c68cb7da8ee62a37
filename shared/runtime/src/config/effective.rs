use std::fmt;

use config::{ConfigError, Map, Value, ValueKind};

use super::SettingsError;
use super::layer::{Layer, is_secret};
use super::secret::WRAPPER;
use super::shown::{REDACTED, shown};
use super::survey::key_of;

/// The settings in force, each with its source; shown, they are TOML without secrets.
///
/// ```text
/// http.listen = "127.0.0.1:8080" # default
/// smtp.password = "[redacted]" # the environment variable TWOSTEP_SMTP__PASSWORD
/// ```
#[derive(Clone)]
pub struct Effective {
    values: Layer,
    secrets: &'static [&'static str],
    hidden: &'static [&'static str],
}

impl Effective {
    pub(super) fn new(
        values: Layer,
        secrets: &'static [&'static str],
        hidden: &'static [&'static str],
    ) -> Self {
        Self { values, secrets, hidden }
    }

    /// Where a setting, or the first of a group, was set.
    #[must_use]
    pub fn origin(&self, key: &str) -> Option<&str> {
        let group = format!("{key}.");
        let found = self.values.0.iter().find(|(name, _)| *name == key || name.starts_with(&group));
        found.map(|(_, leaf)| leaf.origin.as_str())
    }

    /// Every setting: its dotted name, its value and where it stands; a secret has no value, and in a URL there is none.
    pub fn entries(&self) -> impl Iterator<Item = (&str, Option<toml::Value>, &str)> {
        self.values.0.iter().map(|(key, leaf)| {
            let secret = is_secret(key, self.secrets) || is_secret(key, self.hidden);
            let value = (!secret).then(|| shown(&leaf.value));
            (key.as_str(), value, leaf.origin.as_str())
        })
    }

    /// The nested form that serde reads; secrets are wrapped so that only a `Secret` takes them.
    pub(super) fn tree(&self) -> Result<Value, SettingsError> {
        let mut root = Map::new();
        for (key, leaf) in &self.values.0 {
            let mut value = convert(&leaf.value, &leaf.origin);
            if is_secret(key, self.secrets) {
                let wrapped = Map::from_iter([(WRAPPER.to_owned(), value)]);
                value = Value::new(Some(&leaf.origin), ValueKind::Table(wrapped));
            }
            insert(&mut root, key, value).map_err(|group| self.group(group))?;
        }
        Ok(Value::new(None, ValueKind::Table(root)))
    }

    /// Gives an unknown field its full name and source, which the deserializer doesn't know.
    pub(super) fn unfit(&self, error: ConfigError) -> SettingsError {
        if let ConfigError::NotFound(key) = &error {
            return SettingsError::Missing { key: key.clone(), hint: None };
        }
        let (parent, inner) = match &error {
            ConfigError::At { error, key, .. } => (key.clone(), &**error),
            other => (None, other),
        };
        if let ConfigError::Message(message) = inner
            && let Some((field, expected)) = unknown_field(message)
        {
            let key = parent.map_or_else(|| field.to_owned(), |parent| format!("{parent}.{field}"));
            let origin = self.origin(&key).unwrap_or("the settings").to_owned();
            return SettingsError::Unknown { key, origin, expected: expected.to_owned() };
        }
        let origin = key_of(&error).and_then(|key| self.origin(&key).map(str::to_owned));
        let untold = origin.filter(|origin| !error.to_string().contains(origin));
        let place = untold.map(|origin| format!(" in {origin}")).unwrap_or_default();
        SettingsError::Unfit { place, source: Box::new(error) }
    }

    /// A name turned out to be both a value and a group.
    fn group(&self, key: String) -> SettingsError {
        let origin = self.values.0.get(&key).map_or_else(String::new, |leaf| leaf.origin.clone());
        SettingsError::Group { key, origin }
    }
}

impl fmt::Display for Effective {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (key, value, origin) in self.entries() {
            match value {
                Some(value) => writeln!(f, "{key} = {value} # {origin}")?,
                None => writeln!(f, "{key} = \"{REDACTED}\" # {origin}")?,
            }
        }
        Ok(())
    }
}

/// Puts a value at its place. The names come sorted, so a value stands before what would lie inside it.
///
/// # Errors
/// The name of the value that would have to be a group.
fn insert(root: &mut Map<String, Value>, key: &str, value: Value) -> Result<(), String> {
    let mut table = root;
    let (groups, name) = key.rsplit_once('.').unwrap_or(("", key));
    let mut path = String::new();
    for group in groups.split('.').filter(|group| !group.is_empty()) {
        if !path.is_empty() {
            path.push('.');
        }
        path.push_str(group);
        let inner =
            table.entry(group.to_owned()).or_insert_with(|| Value::new(None, ValueKind::Table(Map::new())));
        match &mut inner.kind {
            ValueKind::Table(inner) => table = inner,
            _ => return Err(path),
        }
    }
    table.insert(name.to_owned(), value);
    Ok(())
}

fn convert(value: &toml::Value, origin: &String) -> Value {
    let kind = match value {
        toml::Value::String(text) => ValueKind::String(text.clone()),
        toml::Value::Integer(number) => ValueKind::I64(*number),
        toml::Value::Float(number) => ValueKind::Float(*number),
        toml::Value::Boolean(truth) => ValueKind::Boolean(*truth),
        toml::Value::Datetime(instant) => ValueKind::String(instant.to_string()),
        toml::Value::Array(items) => {
            ValueKind::Array(items.iter().map(|item| convert(item, origin)).collect())
        }
        toml::Value::Table(table) => {
            ValueKind::Table(table.iter().map(|(key, item)| (key.clone(), convert(item, origin))).collect())
        }
    };
    Value::new(Some(origin), kind)
}

/// The name and the rest of serde's message "unknown field `x`, expected …".
fn unknown_field(message: &str) -> Option<(&str, &str)> {
    let (field, expected) = message.strip_prefix("unknown field `")?.split_once('`')?;
    Some((field, expected.trim_start_matches(", ")))
}

//! The checked-in schemas of events and of the queue's messages: what they should be, and where they differ.
//!
//! `schemas/events/<Type>.v<n>.json` and `schemas/messages/` are generated. The schema of an earlier version stays as it was;
//! samples of each version ever written lie beside them, are written by hand, and stay too.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::{fmt, fs, io};

use crate::events::families;
use crate::messages::messages;
use crate::repository;

/// The schemas of one family of shapes.
pub struct Schemas {
    folder: &'static str,
    samples: &'static str,
    of_the_types: fn() -> anyhow::Result<BTreeMap<String, String>>,
}

/// Those of the events.
pub const EVENTS: Schemas = Schemas { folder: "events", samples: "samples", of_the_types: of_events };

/// Those of the messages in the queue.
pub const MESSAGES: Schemas =
    Schemas { folder: "messages", samples: "message-samples", of_the_types: of_messages };

/// All of them.
pub const ALL: [&Schemas; 2] = [&EVENTS, &MESSAGES];

/// A schema that isn't as it should be.
#[derive(Debug, PartialEq, Eq)]
pub enum Difference {
    /// No file holds the schema of this type and version.
    Missing(String),
    /// The file holds another schema.
    Changed(String),
    /// No type of this name is written.
    Stale(String),
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing(file) => write!(f, "missing: {file}"),
            Self::Changed(file) => write!(f, "changed: {file}"),
            Self::Stale(file) => write!(f, "no longer written: {file}"),
        }
    }
}

impl Schemas {
    /// Where they lie.
    #[must_use]
    pub fn folder(&self) -> PathBuf {
        repository().join("schemas").join(self.folder)
    }

    /// Where the samples lie.
    #[must_use]
    pub fn samples_folder(&self) -> PathBuf {
        repository().join("schemas").join(self.samples)
    }

    /// The file names and contents that the program's types call for.
    ///
    /// # Errors
    /// Two types of the same name and different shape.
    pub fn wanted(&self) -> anyhow::Result<BTreeMap<String, String>> {
        (self.of_the_types)()
    }

    /// Compares the checked-in files with [`Self::wanted`].
    ///
    /// # Errors
    /// The folder can't be read.
    pub fn differences(&self) -> anyhow::Result<Vec<Difference>> {
        let wanted = self.wanted()?;
        let mut found = self.present()?;
        let mut differences = Vec::new();
        for (file, text) in &wanted {
            match found.remove(file) {
                None => differences.push(Difference::Missing(file.clone())),
                Some(present) if present != *text => differences.push(Difference::Changed(file.clone())),
                Some(_) => {}
            }
        }
        let stale = found.into_keys().filter(|file| !is_earlier(file, &wanted));
        differences.extend(stale.map(Difference::Stale));
        Ok(differences)
    }

    /// Makes the checked-in files what they should be.
    ///
    /// # Errors
    /// The folder can't be written.
    pub fn write(&self) -> anyhow::Result<Vec<Difference>> {
        let (wanted, differences) = (self.wanted()?, self.differences()?);
        fs::create_dir_all(self.folder())?;
        for difference in &differences {
            match difference {
                Difference::Missing(file) | Difference::Changed(file) => {
                    fs::write(self.folder().join(file), &wanted[file])?;
                }
                Difference::Stale(file) => fs::remove_file(self.folder().join(file))?,
            }
        }
        Ok(differences)
    }

    fn present(&self) -> io::Result<BTreeMap<String, String>> {
        let entries = match fs::read_dir(self.folder()) {
            Ok(entries) => entries,
            Err(missing) if missing.kind() == io::ErrorKind::NotFound => return Ok(BTreeMap::new()),
            Err(other) => return Err(other),
        };
        entries
            .map(|entry| {
                let path = entry?.path();
                let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
                Ok((name, fs::read_to_string(path)?))
            })
            .collect()
    }
}

/// The type and version in a file name `<Type>.v<n>.json`.
#[must_use]
pub fn type_and_version(file: &str) -> Option<(&str, u16)> {
    let (name, version) = file.strip_suffix(".json")?.rsplit_once(".v")?;
    Some((name, version.parse().ok()?))
}

/// Whether the file belongs to an earlier version of a type that is still written.
fn is_earlier(file: &str, wanted: &BTreeMap<String, String>) -> bool {
    type_and_version(file).is_some_and(|(name, version)| {
        let written = wanted.keys().filter_map(|file| type_and_version(file));
        written.into_iter().any(|(other, newest)| other == name && version < newest)
    })
}

fn of_events() -> anyhow::Result<BTreeMap<String, String>> {
    let mut files = BTreeMap::new();
    for event in families().iter().flat_map(|family| (family.catalogue)()) {
        let text = serde_json::to_string_pretty(&event.schema)? + "\n";
        let file = format!("{}.v{}.json", event.name, event.version);
        if files.insert(file, text.clone()).is_some_and(|other| other != text) {
            anyhow::bail!("two streams have an event {} of different shapes", event.name);
        }
    }
    Ok(files)
}

fn of_messages() -> anyhow::Result<BTreeMap<String, String>> {
    let written = messages().into_iter().map(|shape| {
        let version = shape.version.map(|version| format!(".v{version}")).unwrap_or_default();
        Ok((format!("{}{version}.json", shape.name), serde_json::to_string_pretty(&shape.schema)? + "\n"))
    });
    written.collect()
}

//! The demo's passwords: random at each install, in a file that only its owner reads.

use std::io::Write as _;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use serde::{Deserialize, Serialize};

/// Who can sign in with what.
#[derive(Serialize, Deserialize)]
pub struct Credentials {
    /// In the order of the demo's cast.
    pub people: Vec<Login>,
}

/// One person's.
#[derive(Serialize, Deserialize)]
pub struct Login {
    /// What they are called.
    pub name: String,
    /// The login.
    pub login: String,
    /// The password.
    pub password: String,
}

/// Where they lie.
#[must_use]
pub fn path(data: &Path) -> PathBuf {
    data.join("credentials.json")
}

impl Credentials {
    /// Those of an earlier start.
    ///
    /// # Errors
    /// They are there and can't be read.
    pub fn read(data: &Path) -> anyhow::Result<Option<Self>> {
        match std::fs::read(path(data)) {
            Ok(bytes) => Ok(Some(serde_json::from_slice(&bytes).context("reading the demo's credentials")?)),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error).context("reading the demo's credentials"),
        }
    }

    /// The credentials as a table for people.
    #[must_use]
    pub fn table(&self) -> String {
        let width = self.people.iter().map(|person| person.login.len()).max().unwrap_or(0);
        let line =
            |person: &Login| format!("  {:<width$}  {}  {}\n", person.login, person.password, person.name);
        self.people.iter().map(line).collect()
    }

    /// Keeps them for the next start.
    ///
    /// # Errors
    /// They can't be written, or are there already.
    pub fn write(&self, data: &Path) -> anyhow::Result<()> {
        let mut file =
            std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(path(data))?;
        file.write_all(&serde_json::to_vec_pretty(self)?)?;
        Ok(file.sync_all()?)
    }
}

/// A password of 20 letters and digits without those that look alike.
pub(crate) fn draw() -> String {
    const LETTERS: &[u8] = b"abcdefghjkmnpqrstuvwxyz23456789";
    let mut password = String::new();
    while password.len() < 23 {
        let [byte] = *twostep_vault::random::bytes::<1>();
        // Bytes beyond a whole number of alphabets would favour its first letters.
        if usize::from(byte) < 256 - 256 % LETTERS.len() {
            if matches!(password.len(), 5 | 11 | 17) {
                password.push('-');
            }
            password.push(char::from(LETTERS[usize::from(byte) % LETTERS.len()]));
        }
    }
    password
}

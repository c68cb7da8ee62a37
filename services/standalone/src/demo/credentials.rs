//! The demo's passwords: random at each install, in a file that only its owner reads.

use std::io::Write as _;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use serde::{Deserialize, Serialize};

/// Who can sign in with what.
#[derive(Serialize, Deserialize)]
pub(super) struct Credentials {
    /// In the order of the demo's cast.
    pub(super) people: Vec<Login>,
}

/// One person's.
#[derive(Serialize, Deserialize)]
pub(super) struct Login {
    /// What they are called.
    pub(super) name: String,
    /// The login.
    pub(super) login: String,
    /// The password.
    pub(super) password: String,
}

/// Where they lie.
pub(super) fn path(data: &Path) -> PathBuf {
    data.join("credentials.json")
}

impl Credentials {
    /// Those of an earlier start.
    pub(super) fn read(data: &Path) -> anyhow::Result<Option<Self>> {
        match std::fs::read(path(data)) {
            Ok(bytes) => Ok(Some(serde_json::from_slice(&bytes).context("reading the demo's credentials")?)),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error).context("reading the demo's credentials"),
        }
    }

    /// Keeps them for the next start.
    pub(super) fn write(&self, data: &Path) -> anyhow::Result<()> {
        let mut file =
            std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(path(data))?;
        file.write_all(&serde_json::to_vec_pretty(self)?)?;
        Ok(file.sync_all()?)
    }
}

/// A password of 20 letters and digits without those that look alike.
pub(super) fn draw() -> String {
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

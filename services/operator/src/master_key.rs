//! The master key that whoever runs a command holds.

use std::path::Path;

use anyhow::{Context as _, bail};
use twostep_vault::MasterKey;

/// The key itself, where the service takes it from its environment.
const KEY: &str = "TWOSTEP_KEYS__MASTER";
/// The same as a file that isn't one of ours (a mounted secret).
const KEY_FILE: &str = "TWOSTEP_KEYS__MASTER_FILE";

/// The key in the file that was named, else in the environment.
pub(crate) fn held(data: &Path, path: Option<&Path>) -> anyhow::Result<MasterKey> {
    if let Some(path) = path {
        return Ok(MasterKey::read(path, data)?);
    }
    if let Ok(text) = std::env::var(KEY) {
        return MasterKey::from_text(&text).context("reading TWOSTEP_KEYS__MASTER");
    }
    let Some(file) = std::env::var_os(KEY_FILE) else {
        bail!("this command needs the installation's master key: name its file with --master-key-path");
    };
    let text =
        std::fs::read_to_string(&file).context("reading the file that TWOSTEP_KEYS__MASTER_FILE names")?;
    MasterKey::from_text(&text).context("reading the file that TWOSTEP_KEYS__MASTER_FILE names")
}

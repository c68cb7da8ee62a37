//! The master key and the vault over the data directory.

use std::path::Path;

use anyhow::{Context as _, bail};
use twostep_vault::{Existing, MasterKey, SqliteKeyStore, Vault};

use crate::settings::Keys;

/// Opens the vault. A missing key beside an existing log is a refusal, never a new key.
pub(crate) fn open_vault(settings: &Keys, data: &Path, existing: Existing) -> anyhow::Result<Vault> {
    let master = match (&settings.master_path, &settings.master) {
        (Some(path), None) => MasterKey::read_or_create(path, data, existing)?,
        _ => from_text(settings)?,
    };
    let path = data.join("keys.db");
    let store = SqliteKeyStore::open(&path).with_context(|| {
        format!(
            "opening {}: if it is damaged, keep it as it is and put the key store back from its backup",
            path.display()
        )
    })?;
    Vault::open(store, master, existing).context("opening the vault")
}

/// The master key from the settings themselves, for whoever names no file.
pub(crate) fn from_text(settings: &Keys) -> anyhow::Result<MasterKey> {
    match (&settings.master_path, &settings.master) {
        (Some(_), Some(_)) => bail!("keys.master_path and keys.master are both set: leave one out"),
        (_, Some(text)) => Ok(MasterKey::from_text(text.expose())?),
        (_, None) => {
            bail!("no master key: set keys.master_path (a file outside the data directory) or keys.master")
        }
    }
}

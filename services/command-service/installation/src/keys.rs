//! The master key and the vault over the data directory.

use std::path::Path;

use anyhow::{Context as _, bail, ensure};
use twostep_vault::{Existing, MasterKey, MasterKeyError, SqliteKeyStore, Vault, VaultError};

use crate::Keys;

/// The key store's file in the data directory.
const STORE: &str = "keys.db";

/// Opens the vault. A missing key beside an existing log or key store is a refusal, never a new key.
pub(crate) fn open_vault(settings: &Keys, data: &Path, existing: Existing) -> anyhow::Result<Vault> {
    let path = data.join(STORE);
    let master = match (&settings.master_path, &settings.master) {
        (Some(file), None) => MasterKey::read_or_create(file, data, beside(existing, &path))?,
        _ => from_text(settings)?,
    };
    let store = SqliteKeyStore::open(&path).with_context(|| opening(&path))?;
    Vault::open(store, master, existing).context("opening the vault")
}

/// Whether the vault would open; nothing is made and nothing is changed.
///
/// # Errors
/// It wouldn't: why.
pub fn judge(settings: &Keys, data: Option<&Path>) -> anyhow::Result<()> {
    // Where none is named, a data directory that the key lies in is seen by what lies there, too.
    let Some(data) = data else {
        let around = settings.master_path.as_deref().and_then(data_around);
        return read_or_none(settings, around, Existing::Nothing).map(drop);
    };
    let (existing, path) = (existing(data), data.join(STORE));
    let master = read_or_none(settings, Some(data), beside(existing, &path))?;
    let store = SqliteKeyStore::open_existing(&path).with_context(|| opening(&path))?;
    match (store, master) {
        (Some(store), Some(master)) => Ok(Vault::judge(&store, &master, existing)?),
        (None, _) if existing == Existing::Log => Err(VaultError::KeysMissing.into()),
        _ => Ok(()),
    }
}

/// Whether there is a log in `data`.
pub(crate) fn existing(data: &Path) -> Existing {
    if data.join("log.db").exists() { Existing::Log } else { Existing::Nothing }
}

/// The data directory that a file lies in.
fn data_around(file: &Path) -> Option<&Path> {
    let is_data = |folder: &&Path| [STORE, "log.db"].iter().any(|name| folder.join(name).exists());
    file.ancestors().skip(1).find(is_data)
}

/// What exists that needs the master key: a key store is made after it.
fn beside(existing: Existing, store: &Path) -> Existing {
    if store.exists() { Existing::Log } else { existing }
}

/// The master key; nothing where the first start would make it.
fn read_or_none(
    settings: &Keys,
    data: Option<&Path>,
    existing: Existing,
) -> anyhow::Result<Option<MasterKey>> {
    let (Some(path), None) = (&settings.master_path, &settings.master) else {
        return from_text(settings).map(Some);
    };
    let nowhere = path.with_extension("no-data-directory");
    match (MasterKey::read(path, data.unwrap_or(&nowhere)), existing) {
        (Err(MasterKeyError::Missing(_)), Existing::Nothing) => {
            let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
            let folder = folder.unwrap_or(Path::new("."));
            ensure!(
                folder.is_dir(),
                "keys.master_path: the folder {} isn't there: make it, the first start makes the file in it",
                folder.display()
            );
            Ok(None)
        }
        (Err(MasterKeyError::Missing(path)), Existing::Log) => {
            Err(MasterKeyError::MissingWithData(path).into())
        }
        (read, _) => Ok(Some(read?)),
    }
}

fn opening(store: &Path) -> String {
    format!(
        "opening {}: if it is damaged, keep it as it is and put the key store back from its backup",
        store.display()
    )
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

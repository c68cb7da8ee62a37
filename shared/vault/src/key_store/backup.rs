//! Copies of the embedded key store.

use std::fs::{File, OpenOptions};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;

use rusqlite::{Connection, OpenFlags};

use super::sqlite::PATIENCE;
use super::{KeyStoreError, SqliteKeyStore};

impl SqliteKeyStore {
    /// Copies the key store at `path` as of one moment to a new file at `to`, in use or not: checked as a whole,
    /// synced, with mode 0600; gives the number of live keys in it. The keys stay wrapped, and of destroyed ones
    /// nothing is copied but that they were destroyed.
    ///
    /// Copy the log first: a key is durable before what it seals, so this copy has a key for everything in that one.
    ///
    /// # Errors
    /// There is a file at `to`, the store can't be read or is damaged, or the copy can't be written; what is at `to`
    /// then is no backup.
    pub fn back_up(path: &Path, to: &Path) -> Result<usize, KeyStoreError> {
        let refused = |doing| move |source: std::io::Error| KeyStoreError { doing, source: source.into() };
        let made = OpenOptions::new().write(true).create_new(true).mode(0o600).open(to);
        made.map_err(refused("making the copy of the key store"))?;
        let keys = copy(path, to)
            .map_err(|source| KeyStoreError { doing: "copying the key store", source: source.into() })?;
        let synced = File::open(to).and_then(|copy| copy.sync_all());
        synced.map_err(refused("syncing the copy of the key store"))?;
        keys.map_err(|found| KeyStoreError {
            doing: "checking the copy of the key store",
            source: format!("it is damaged ({found}): keep the last backup, and check the disk").into(),
        })
    }
}

/// The number of live keys in the copy, or what SQLite says about its damage.
fn copy(path: &Path, to: &Path) -> rusqlite::Result<Result<usize, String>> {
    // Not read-only: whoever was killed while writing left a journal, and that comes first.
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let store = Connection::open_with_flags(path, flags)?;
    store.busy_timeout(PATIENCE)?;
    let name = to.to_str().ok_or_else(|| rusqlite::Error::InvalidPath(to.to_owned()))?;
    store.execute("VACUUM INTO ?1", [name])?;
    let copy = Connection::open(to)?;
    let verdict: String = copy.pragma_query_value(None, "integrity_check", |row| row.get(0))?;
    if verdict != "ok" {
        return Ok(Err(verdict));
    }
    let live: u32 =
        copy.query_row("SELECT count(*) FROM keys WHERE wrapped IS NOT NULL", [], |row| row.get(0))?;
    Ok(Ok(usize::try_from(live).unwrap_or(usize::MAX)))
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use twostep_domain::KeyPeriod;

    use super::*;
    use crate::key_store::{KeyStore as _, Slot};
    use crate::{KeyClass, KeyId};

    fn key(day: u8) -> KeyId {
        KeyClass::Code(KeyPeriod(format!("2026-11-{day:02}"))).first()
    }

    #[test]
    fn a_copy_has_the_live_keys_and_of_destroyed_ones_that_they_were() {
        let directory = tempfile::tempdir().unwrap();
        let [path, to] = ["keys.db", "copy.db"].map(|name| directory.path().join(name));
        let store = SqliteKeyStore::open(&path).unwrap();
        let wrapped = |day: u8| format!("wrapped key of day {day:02}").into_bytes();
        let keys: Vec<_> = [1, 2, 3].map(|day| (key(day), wrapped(day))).into();
        store.insert_if_absent(&keys).unwrap();
        store.destroy(&[key(2)]).unwrap();
        assert_eq!(SqliteKeyStore::back_up(&path, &to).unwrap(), 2);
        assert!(SqliteKeyStore::back_up(&path, &to).is_err(), "a copy was written over");

        assert_eq!(to.metadata().unwrap().permissions().mode() & 0o777, 0o600);
        let bytes = String::from_utf8_lossy(&std::fs::read(&to).unwrap()).into_owned();
        let holds = |day| bytes.contains(&*String::from_utf8(wrapped(day)).unwrap());
        assert!(holds(1) && !holds(2) && holds(3), "what is in the file");
        let copy = SqliteKeyStore::open(&to).unwrap();
        assert_eq!(copy.get(&key(1)).unwrap(), Slot::Live(wrapped(1)));
        assert_eq!(copy.get(&key(2)).unwrap(), Slot::Destroyed);
    }

    #[test]
    fn where_there_is_no_store_none_is_made_and_none_is_copied() {
        let directory = tempfile::tempdir().unwrap();
        let [path, to] = ["keys.db", "copy.db"].map(|name| directory.path().join(name));
        assert!(SqliteKeyStore::back_up(&path, &to).is_err());
        assert!(!path.exists());
    }
}

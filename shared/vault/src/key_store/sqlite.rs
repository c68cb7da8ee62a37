//! The embedded key store: one small file, written with a rollback journal and overwritten on destruction.

use std::fs::{DirBuilder, OpenOptions};
use std::os::unix::fs::{DirBuilderExt as _, MetadataExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use rusqlite::{Connection, OpenFlags, OptionalExtension as _, TransactionBehavior, params};

use super::{Change, KeyStore, KeyStoreError, Slot, Wrapped};
use crate::{KeyClass, KeyId};

/// The version of the file's layout (`user_version`).
const LAYOUT: i64 = 1;

/// How long to wait for somebody else who reads or writes: a copy takes a moment.
pub(super) const PATIENCE: Duration = Duration::from_secs(10);

/// `wrapped` is null once the key is destroyed. `created_at` is for people who look into the file; nothing reads it.
const SCHEMA: &str = "
    CREATE TABLE keys (
        class TEXT NOT NULL,
        owner TEXT NOT NULL,
        version INTEGER NOT NULL,
        wrapped BLOB,
        created_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%SZ', 'now')),
        PRIMARY KEY (class, owner, version)
    ) STRICT, WITHOUT ROWID;
    PRAGMA user_version = 1;
";

/// Keys in a SQLite file of their own, so that its backups and its destruction are not those of the log.
pub struct SqliteKeyStore {
    connection: Mutex<Connection>,
    path: PathBuf,
    opened: (u64, u64),
}

impl SqliteKeyStore {
    /// Opens the file at `path` or makes it, readable by its owner only.
    ///
    /// # Errors
    /// It can't be opened, or its layout is of a newer program.
    pub fn open(path: &Path) -> Result<Self, KeyStoreError> {
        let doing = |doing| move |source: std::io::Error| KeyStoreError { doing, source: source.into() };
        if let Some(directory) = path.parent().filter(|directory| !directory.as_os_str().is_empty()) {
            let made = DirBuilder::new().recursive(true).mode(0o700).create(directory);
            made.map_err(doing("making the directory of the key store"))?;
        }
        OpenOptions::new()
            .create(true)
            .append(true)
            .mode(0o600)
            .open(path)
            .map_err(doing("opening the file of the key store"))?;
        let connection = Connection::open(path).map_err(failed("opening the key store"))?;
        Self::prepare(&connection).map_err(failed("preparing the key store"))?;
        Self::migrate(&connection)?;
        Self::over(connection, path)
    }

    /// Opens the file at `path` where there is one with keys or place for them; makes and changes nothing.
    ///
    /// # Errors
    /// It can't be opened, or its layout is of a newer program.
    pub fn open_existing(path: &Path) -> Result<Option<Self>, KeyStoreError> {
        Self::open_as(path, OpenFlags::SQLITE_OPEN_READ_WRITE)
    }

    /// The same for whoever only reads, also while somebody else writes.
    ///
    /// # Errors
    /// As [`Self::open_existing`]; later, everything that would write.
    pub fn open_to_read(path: &Path) -> Result<Option<Self>, KeyStoreError> {
        Self::open_as(path, OpenFlags::SQLITE_OPEN_READ_ONLY)
    }

    fn open_as(path: &Path, access: OpenFlags) -> Result<Option<Self>, KeyStoreError> {
        if !path.exists() {
            return Ok(None);
        }
        let connection = Connection::open_with_flags(path, access | OpenFlags::SQLITE_OPEN_NO_MUTEX);
        let connection = connection.map_err(failed("opening the key store"))?;
        connection.busy_timeout(PATIENCE).map_err(failed("preparing the key store"))?;
        match Self::layout(&connection)? {
            0 => Ok(None),
            LAYOUT => Self::over(connection, path).map(Some),
            newer => Err(newer_layout(newer)),
        }
    }

    fn over(connection: Connection, path: &Path) -> Result<Self, KeyStoreError> {
        let doing = |doing| move |source: std::io::Error| KeyStoreError { doing, source: source.into() };
        let opened = identity(path).map_err(doing("looking at the file of the key store"))?;
        Ok(Self { connection: Mutex::new(connection), path: path.to_owned(), opened })
    }

    /// A write-ahead log would keep copies of destroyed keys; EXTRA also syncs the directory when the journal goes.
    fn prepare(connection: &Connection) -> rusqlite::Result<()> {
        connection.busy_timeout(PATIENCE)?;
        connection.pragma_update(None, "journal_mode", "DELETE")?;
        connection.pragma_update(None, "synchronous", "EXTRA")?;
        connection.pragma_update(None, "secure_delete", "ON")?;
        connection.pragma_update(None, "temp_store", "MEMORY")
    }

    fn layout(connection: &Connection) -> Result<i64, KeyStoreError> {
        let read = connection.pragma_query_value(None, "user_version", |row| row.get(0));
        read.map_err(failed("reading the layout of the key store"))
    }

    fn migrate(connection: &Connection) -> Result<(), KeyStoreError> {
        match Self::layout(connection)? {
            0 => connection
                .execute_batch(&format!("BEGIN IMMEDIATE; {SCHEMA} COMMIT;"))
                .map_err(failed("laying out the key store")),
            LAYOUT => Ok(()),
            newer => Err(newer_layout(newer)),
        }
    }

    /// The connection, while its file is still the one at the path: what is written to a file that was removed is lost
    /// with the process, and with it everything sealed since.
    fn connection(&self) -> Result<MutexGuard<'_, Connection>, KeyStoreError> {
        const DOING: &str = "finding the file of the key store in its place";
        match identity(&self.path) {
            Ok(found) if found == self.opened => {
                Ok(self.connection.lock().unwrap_or_else(PoisonError::into_inner))
            }
            Ok(_) => Err(KeyStoreError { doing: DOING, source: "it was replaced while in use".into() }),
            Err(source) => Err(KeyStoreError { doing: DOING, source: source.into() }),
        }
    }
}

impl KeyStore for SqliteKeyStore {
    fn get(&self, id: &KeyId) -> Result<Slot, KeyStoreError> {
        read(&*self.connection()?, id).map_err(failed("reading a key"))
    }

    fn insert_if_absent(&self, keys: &[(KeyId, Wrapped)]) -> Result<Vec<Slot>, KeyStoreError> {
        let mut connection = self.connection()?;
        let mut insert = || {
            let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
            let mut slots = Vec::with_capacity(keys.len());
            for (id, wrapped) in keys {
                transaction
                    .prepare_cached(
                        "INSERT OR IGNORE INTO keys (class, owner, version, wrapped) VALUES (?, ?, ?, ?)",
                    )?
                    .execute(params![id.class.name(), id.class.owner(), id.version, wrapped])?;
                slots.push(read(&transaction, id)?);
            }
            transaction.commit()?;
            Ok(slots)
        };
        insert().map_err(failed("writing keys"))
    }

    fn destroy(&self, ids: &[KeyId]) -> Result<(), KeyStoreError> {
        let mut connection = self.connection()?;
        let mut destroy = || {
            let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
            for id in ids {
                transaction
                    .prepare_cached(
                        "INSERT INTO keys (class, owner, version, wrapped) VALUES (?, ?, ?, NULL)
                         ON CONFLICT DO UPDATE SET wrapped = NULL",
                    )?
                    .execute(params![id.class.name(), id.class.owner(), id.version])?;
            }
            transaction.commit()
        };
        destroy().map_err(failed("destroying keys"))
    }

    fn rewrap(&self, change: Change<'_>) -> Result<usize, KeyStoreError> {
        let mut connection = self.connection()?;
        let begin = connection.transaction_with_behavior(TransactionBehavior::Immediate);
        let transaction = begin.map_err(failed("wrapping keys anew"))?;
        let live = live_keys(&transaction).map_err(failed("wrapping keys anew"))?;
        for (class, owner, version, wrapped) in &live {
            let unknown = || KeyStoreError {
                doing: "wrapping keys anew",
                source: format!("a key of the unknown class {class}").into(),
            };
            let id = KeyId { class: KeyClass::read(class, owner).ok_or_else(unknown)?, version: *version };
            let anew = change(&id, wrapped).ok_or_else(|| KeyStoreError::unchanged(&id))?;
            transaction
                .prepare_cached("UPDATE keys SET wrapped = ? WHERE class = ? AND owner = ? AND version = ?")
                .and_then(|mut update| update.execute(params![anew, class, owner, version]))
                .map_err(failed("wrapping keys anew"))?;
        }
        transaction.commit().map_err(failed("wrapping keys anew"))?;
        Ok(live.len())
    }

    fn list(&self, class: &str) -> Result<Vec<KeyId>, KeyStoreError> {
        let connection = self.connection()?;
        let list = || {
            let mut statement = connection.prepare_cached(
                "SELECT owner, version FROM keys WHERE class = ? AND wrapped IS NOT NULL ORDER BY owner, version",
            )?;
            let rows = statement.query_map([class], |row| Ok((row.get::<_, String>(0)?, row.get(1)?)))?;
            rows.collect::<rusqlite::Result<Vec<_>>>()
        };
        let rows = list().map_err(failed("listing keys"))?;
        let id = |(owner, version): (String, u32)| {
            KeyClass::read(class, &owner).map(|class| KeyId { class, version })
        };
        Ok(rows.into_iter().filter_map(id).collect())
    }

    fn is_empty(&self) -> Result<bool, KeyStoreError> {
        self.connection()?
            .query_row("SELECT NOT EXISTS (SELECT 1 FROM keys)", [], |row| row.get(0))
            .map_err(failed("looking into the key store"))
    }
}

fn live_keys(connection: &Connection) -> rusqlite::Result<Vec<(String, String, u32, Wrapped)>> {
    connection
        .prepare("SELECT class, owner, version, wrapped FROM keys WHERE wrapped IS NOT NULL")?
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)))?
        .collect()
}

fn read(connection: &Connection, id: &KeyId) -> rusqlite::Result<Slot> {
    let found = connection
        .prepare_cached("SELECT wrapped FROM keys WHERE class = ? AND owner = ? AND version = ?")?
        .query_row(params![id.class.name(), id.class.owner(), id.version], |row| row.get(0))
        .optional()?;
    Ok(match found {
        Some(Some(wrapped)) => Slot::Live(wrapped),
        Some(None) => Slot::Destroyed,
        None => Slot::Absent,
    })
}

/// Which file is at `path`: device and inode.
fn identity(path: &Path) -> std::io::Result<(u64, u64)> {
    path.metadata().map(|file| (file.dev(), file.ino()))
}

fn newer_layout(found: i64) -> KeyStoreError {
    let source = format!("layout {found} is of a newer program than this one, which knows {LAYOUT}").into();
    KeyStoreError { doing: "reading the layout of the key store", source }
}

fn failed(doing: &'static str) -> impl FnOnce(rusqlite::Error) -> KeyStoreError {
    move |source| KeyStoreError { doing, source: source.into() }
}

#[cfg(test)]
mod tests;

//! Folds kept on disk, so that a long history costs its next reader only the tail.
//!
//! The table is disposable: whatever is wrong with it, or with one snapshot, the stream is folded from its first event.
//! A snapshot is sealed for the person or company of its stream, dies with their keys, and is believed only where the
//! log has in its stream, at the snapshot's revision, the very event that it ends with.

use std::fs;
use std::io;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use rusqlite::{Connection, OptionalExtension as _, params};
use secrecy::ExposeSecret as _;
use twostep_domain::{Aggregate, MemberId, Sealed, StreamKind};
use twostep_event_store::StreamId;
use twostep_vault::{Field, Owner, Vault};

use super::Fold;

/// The code that makes the folds of this program.
const FINGERPRINT: &str = env!("TWOSTEP_FOLD_FINGERPRINT");

/// Beside the log's promise nothing here is durable: a table lost with the power is filled again.
const LAYOUT: &str = "
    PRAGMA journal_mode = WAL;
    PRAGMA synchronous = OFF;
    PRAGMA secure_delete = ON;
    CREATE TABLE IF NOT EXISTS snapshots (
        stream TEXT PRIMARY KEY,
        fingerprint TEXT NOT NULL,
        sealed TEXT NOT NULL
    ) STRICT, WITHOUT ROWID;
";

/// The local table of snapshots.
pub struct Snapshots {
    connection: Mutex<Connection>,
    vault: Arc<Vault>,
}

/// Why there is no table of snapshots.
#[derive(Debug, thiserror::Error)]
#[error("making {path}, which may be deleted at any time: {reason}")]
pub struct SnapshotsError {
    path: PathBuf,
    reason: String,
}

impl Snapshots {
    /// The table at `path`, readable by its owner only; one that can't be used is made anew.
    ///
    /// # Errors
    /// Not even an empty table can be made there.
    pub fn open(path: &Path, vault: Arc<Vault>) -> Result<Self, SnapshotsError> {
        let failed = |reason: String| SnapshotsError { path: path.to_owned(), reason };
        let connection = match lay_out(path) {
            Ok(connection) => connection,
            Err(error) => {
                tracing::warn!(path = %path.display(), %error, "the snapshots are unusable and made anew");
                remove(path).map_err(|error| failed(error.to_string()))?;
                lay_out(path).map_err(|error| failed(error.to_string()))?
            }
        };
        Ok(Self { connection: Mutex::new(connection), vault })
    }

    /// The snapshot of `stream`, if there is a usable one.
    pub(super) async fn get<A: Aggregate>(self: &Arc<Self>, stream: &StreamId) -> Option<Fold<A>> {
        let (table, stream) = (self.clone(), stream.clone());
        tokio::task::spawn_blocking(move || table.read(&stream)).await.ok()?
    }

    /// Keeps `fold` as the snapshot of `stream`.
    pub(super) async fn put<A: Aggregate>(self: &Arc<Self>, stream: &StreamId, fold: Arc<Fold<A>>) {
        let (table, stream) = (self.clone(), stream.clone());
        let written = tokio::task::spawn_blocking(move || table.write(&stream, &fold)).await;
        written.unwrap_or_else(|error| tracing::warn!(%error, "a snapshot was not written"));
    }

    fn read<A: Aggregate>(&self, stream: &StreamId) -> Option<Fold<A>> {
        let name = stream.to_string();
        let sealed = self.with(|connection| {
            connection
                .prepare_cached("SELECT sealed FROM snapshots WHERE stream = ? AND fingerprint = ?")?
                .query_row(params![name, FINGERPRINT], |row| row.get(0))
                .optional()
        })?;
        let plain = self.vault.unseal(owner(stream), Field::Snapshot, &Sealed(sealed?)).ok()?;
        serde_json::from_str(plain.expose_secret()).ok()
    }

    fn write<A: Aggregate>(&self, stream: &StreamId, fold: &Fold<A>) {
        let name = stream.to_string();
        let Ok(plain) = serde_json::to_string(fold) else { return };
        // Refused once the person is erased, as it should be.
        let Ok(sealed) = self.vault.seal(owner(stream), Field::Snapshot, &plain) else { return };
        self.with(|connection| {
            connection
                .prepare_cached(
                    "INSERT INTO snapshots (stream, fingerprint, sealed) VALUES (?, ?, ?)
                     ON CONFLICT DO UPDATE SET fingerprint = excluded.fingerprint, sealed = excluded.sealed",
                )?
                .execute(params![name, FINGERPRINT, sealed.0])
        });
    }

    fn with<T>(&self, work: impl FnOnce(&Connection) -> rusqlite::Result<T>) -> Option<T> {
        let connection = self.connection.lock().unwrap_or_else(PoisonError::into_inner);
        let done = work(&connection);
        done.inspect_err(|error| tracing::warn!(%error, "the table of snapshots can't be used at present"))
            .ok()
    }
}

fn owner(stream: &StreamId) -> Owner {
    match (stream.kind, stream.key.uuid()) {
        (StreamKind::Member | StreamKind::SecondStep, Some(person)) => {
            Owner::Member(stream.company, MemberId(person))
        }
        _ => Owner::Company(stream.company),
    }
}

fn lay_out(path: &Path) -> rusqlite::Result<Connection> {
    let made = fs::OpenOptions::new().create(true).append(true).mode(0o600).open(path);
    made.map_err(|error| rusqlite::Error::ToSqlConversionFailure(error.into()))?;
    let connection = Connection::open(path)?;
    connection.execute_batch(LAYOUT)?;
    connection.execute("DELETE FROM snapshots WHERE fingerprint <> ?", [FINGERPRINT])?;
    Ok(connection)
}

fn remove(path: &Path) -> io::Result<()> {
    for suffix in ["", "-wal", "-shm"] {
        let mut name = path.as_os_str().to_owned();
        name.push(suffix);
        match fs::remove_file(&name) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
    }
    Ok(())
}

//! Copies of the log.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use rusqlite::Connection;

use crate::failure::describe;
use crate::file::{owner_only, path_with, sync_directory};
use crate::query;

/// Why there is no copy.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    /// There is a file already; copies are never written over.
    #[error("{path} is there already: choose another name")]
    Exists {
        /// The copy.
        path: PathBuf,
    },
    /// What was copied is damaged.
    #[error("the copy for {path} is damaged ({reason}): keep the last backup, and check the log's disk")]
    Damaged {
        /// The copy.
        path: PathBuf,
        /// What was found.
        reason: String,
    },
    /// The file system or the database refused.
    #[error("{path} can't be written: {reason}")]
    Failed {
        /// The copy.
        path: PathBuf,
        /// What was said.
        reason: String,
    },
}

/// Writes the log as of one moment to `to`, checked and synced, or nothing; gives the number of its events.
pub(crate) fn copy(log: &Connection, to: &Path) -> Result<u64, BackupError> {
    let failed = |reason: String| BackupError::Failed { path: to.to_owned(), reason };
    if to.try_exists().map_err(|error| failed(error.to_string()))? {
        return Err(BackupError::Exists { path: to.to_owned() });
    }
    let part = path_with(to, ".part");
    let prepare = || -> io::Result<()> {
        match fs::remove_file(&part) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
        owner_only().create_new(true).open(&part).map(drop)
    };
    prepare().map_err(|error| failed(error.to_string()))?;
    let name = part.to_str().ok_or_else(|| failed("its name is not text".to_owned()))?;
    log.execute("VACUUM INTO ?1", [name]).map_err(|error| failed(describe(&error)))?;
    let (verdict, events) = check(&part).map_err(|error| failed(describe(&error)))?;
    if verdict != "ok" {
        return Err(BackupError::Damaged { path: to.to_owned(), reason: verdict });
    }
    let publish = || -> io::Result<()> {
        fs::File::open(&part)?.sync_all()?;
        fs::rename(&part, to)?;
        sync_directory(to)
    };
    publish().map_err(|error| failed(error.to_string()))?;
    Ok(events)
}

/// What SQLite says about the whole file, and its last position: they are counted without gaps.
fn check(copy: &Path) -> rusqlite::Result<(String, u64)> {
    let copy = Connection::open(copy)?;
    let verdict = copy.pragma_query_value(None, "integrity_check", |row| row.get(0))?;
    Ok((verdict, query::head(&copy)?))
}

//! The file: made whole or not at all, and checked before it is used.

use std::fs;
use std::io;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use rusqlite::{Connection, ErrorCode};

use crate::failure::describe;
use crate::{OpenError, connection, schema};

/// Options for files that only the owner may read and write.
pub(crate) fn owner_only() -> fs::OpenOptions {
    let mut options = fs::OpenOptions::new();
    options.write(true).mode(0o600);
    options
}

/// `path` with `suffix` at its end.
pub(crate) fn path_with(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    PathBuf::from(name)
}

/// The writing connection to the log at `path`, which is made if it isn't there. The caller holds the lock.
pub(crate) fn open_for_writing(path: &Path) -> Result<Connection, OpenError> {
    if !exists(path)? {
        create(path)?;
    }
    let mut connection = connection::writing(path).map_err(|error| refused(path, "opening it", &error))?;
    check(path, &connection)?;
    let failed = |error| refused(path, "preparing it", &error);
    connection::write_ahead(&connection).map_err(failed)?;
    schema::migrate(&mut connection).map_err(failed)?;
    settle(path, &connection)?;
    check_ends(path, &connection)?;
    Ok(connection)
}

/// Checks the log at `path` for a reader.
pub(crate) fn check_for_reading(path: &Path, connection: &Connection) -> Result<(), OpenError> {
    check(path, connection)?;
    check_ends(path, connection)
}

/// Whether there is a file at `path`.
pub(crate) fn exists(path: &Path) -> Result<bool, OpenError> {
    path.try_exists().map_err(|error| failed(path, "looking for it", &error))
}

/// Makes an empty log beside `path` and moves it there, so that an empty file at `path` is never a new log
/// but always one that lost its content.
fn create(path: &Path) -> Result<(), OpenError> {
    let new = path_with(path, ".new");
    let make = || -> io::Result<()> {
        for leftover in [new.clone(), path_with(&new, "-journal")] {
            match fs::remove_file(&leftover) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
                _ => {}
            }
        }
        owner_only().create_new(true).open(&new)?.sync_all()
    };
    make().map_err(|error| failed(path, "making a new log", &error))?;
    let fill = || -> rusqlite::Result<()> {
        let mut connection = connection::writing(&new)?;
        schema::migrate(&mut connection)?;
        connection.close().map_err(|(_, error)| error)
    };
    fill().map_err(|error| refused(path, "making a new log", &error))?;
    let publish = || -> io::Result<()> {
        fs::rename(&new, path)?;
        sync_directory(path)
    };
    publish().map_err(|error| failed(path, "putting the new log in its place", &error))
}

/// Makes a new name in the directory of `path` durable.
pub(crate) fn sync_directory(path: &Path) -> io::Result<()> {
    let directory = path.parent().filter(|parent| !parent.as_os_str().is_empty());
    fs::File::open(directory.unwrap_or(Path::new(".")))?.sync_all()
}

/// Whether it is a log, of a version that is known.
fn check(path: &Path, connection: &Connection) -> Result<(), OpenError> {
    let read = |error| refused(path, "reading its header", &error);
    let found = schema::application_id(connection).map_err(read)?;
    let tables: i64 =
        connection.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0)).map_err(read)?;
    if found == 0 && tables == 0 {
        return Err(OpenError::Damaged { path: path.to_owned(), reason: "it is empty".to_owned() });
    }
    if found != schema::APPLICATION_ID {
        return Err(OpenError::Foreign { path: path.to_owned(), found });
    }
    let version = schema::version(connection).map_err(read)?;
    if !(1..=schema::NEWEST).contains(&version) {
        return Err(OpenError::Newer { path: path.to_owned(), found: version, known: schema::NEWEST });
    }
    Ok(())
}

/// Copies what the last writer left in the write-ahead log into the database, synced. If that writer ended because an
/// fsync failed, the kernel may hold pages that it calls clean and that never reached the disk: writing them again
/// is what makes them durable before new events come to stand on them.
fn settle(path: &Path, connection: &Connection) -> Result<(), OpenError> {
    let busy: bool = connection
        .query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0))
        .map_err(|error| refused(path, "copying its write-ahead log", &error))?;
    if busy {
        tracing::warn!(path = %path.display(), "readers kept part of the write-ahead log from being copied");
    }
    Ok(())
}

/// Looks at both ends of the log, through both of its trees; a whole check reads the whole file and is the backup's.
fn check_ends(path: &Path, connection: &Connection) -> Result<(), OpenError> {
    let read = |error| refused(path, "reading its ends", &error);
    let damaged = |reason: String| OpenError::Damaged { path: path.to_owned(), reason };
    let pages: u64 = connection.pragma_query_value(None, "page_count", |row| row.get(0)).map_err(read)?;
    let page: u64 = connection.pragma_query_value(None, "page_size", |row| row.get(0)).map_err(read)?;
    let length = fs::metadata(path).map_err(|error| failed(path, "measuring it", &error))?.len();
    let waiting = path_with(path, "-wal").metadata().map_or(0, |wal| wal.len());
    if waiting == 0 && length < pages * page {
        return Err(damaged(format!("it has {length} bytes of {}", pages * page)));
    }
    let whole: bool =
        connection.query_row(include_str!("schema/ends.sql"), [], |row| row.get(0)).map_err(read)?;
    if whole { Ok(()) } else { Err(damaged("its first or last event is missing or out of place".to_owned())) }
}

pub(crate) fn failed(path: &Path, doing: &'static str, error: &io::Error) -> OpenError {
    OpenError::Failed { path: path.to_owned(), doing, reason: error.to_string() }
}

pub(crate) fn refused(path: &Path, doing: &'static str, error: &rusqlite::Error) -> OpenError {
    match error.sqlite_error_code() {
        Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => {
            OpenError::Damaged { path: path.to_owned(), reason: describe(error) }
        }
        _ => OpenError::Failed { path: path.to_owned(), doing, reason: describe(error) },
    }
}

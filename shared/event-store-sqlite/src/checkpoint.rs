//! Copying the write-ahead log into the database.

use rusqlite::{Connection, ErrorCode};

use crate::failure::describe;

/// Pages in the write-ahead log from which it is copied.
const DUE: i32 = 2_000;

/// Pages from which readers are waited for, so that the write-ahead log starts again from its beginning.
const LONG: i32 = 16_000;

/// Copies the write-ahead log, of `pages` pages, if it is time to. An error is fatal; a full disk is not:
/// the events are safe in the write-ahead log, and the next group tries again.
pub(crate) fn if_due(connection: &Connection, pages: i32) -> Result<(), String> {
    if pages < DUE {
        return Ok(());
    }
    let how = if pages < LONG { "PRAGMA wal_checkpoint(PASSIVE)" } else { "PRAGMA wal_checkpoint(RESTART)" };
    match connection.query_row(how, [], |_| Ok(())) {
        Ok(()) => Ok(()),
        Err(error) => match error.sqlite_error_code() {
            Some(ErrorCode::DiskFull | ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => {
                tracing::warn!(reason = describe(&error), "the write-ahead log could not be copied yet");
                Ok(())
            }
            _ => Err(format!("copying the write-ahead log: {}", describe(&error))),
        },
    }
}

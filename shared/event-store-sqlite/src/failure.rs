//! What an error of SQLite means for the writer.

use rusqlite::ErrorCode;
use twostep_event_store::AppendError;

/// What to do after an error while writing.
#[derive(Debug)]
pub(crate) enum Failure {
    /// No room: nothing was written, and there may be room later.
    Full(String),
    /// Nothing was written, and trying again may help.
    Refused(String),
    /// What is on the disk is unknown: the process must end.
    Fatal(String),
}

impl Failure {
    /// Of an error before the commit: the transaction can still be rolled back.
    pub(crate) fn before_commit(error: &rusqlite::Error) -> Self {
        let reason = describe(error);
        match error.sqlite_error_code() {
            Some(ErrorCode::DiskFull) => Self::Full(reason),
            Some(ErrorCode::SystemIoFailure | ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => {
                Self::Fatal(reason)
            }
            _ => Self::Refused(reason),
        }
    }

    /// Of an error of the commit: unless SQLite says that there was no room or that it hasn't begun, its outcome
    /// is unknown.
    pub(crate) fn of_commit(error: &rusqlite::Error) -> Self {
        match error.sqlite_error_code() {
            Some(ErrorCode::DiskFull) => Self::Full(describe(error)),
            Some(ErrorCode::DatabaseBusy) => Self::Refused(describe(error)),
            _ => Self::Fatal(describe(error)),
        }
    }

    /// What the callers hear.
    pub(crate) fn answer(&self) -> AppendError {
        match self {
            Self::Full(reason) => AppendError::Full { reason: reason.clone() },
            Self::Refused(reason) | Self::Fatal(reason) => {
                AppendError::Unavailable { reason: reason.clone() }
            }
        }
    }
}

/// The error with SQLite's extended code, which says what failed (a read, a write, a sync).
pub(crate) fn describe(error: &rusqlite::Error) -> String {
    match error.sqlite_error() {
        Some(code) => format!("{error} (SQLite {})", code.extended_code),
        None => error.to_string(),
    }
}

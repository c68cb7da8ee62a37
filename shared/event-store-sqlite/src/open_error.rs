//! Why a log can't be opened, and what to do about it.

use std::path::PathBuf;

/// Why a log can't be opened. Each text names the file and says what to do.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// A reader found no file.
    #[error("{path} is not there: check the data directory; a log is made by the service's first start")]
    Missing {
        /// The log.
        path: PathBuf,
    },
    /// Another process writes it.
    #[error(
        "{path} is being written by another process ({holder}): stop that one first; readers need no lock"
    )]
    Locked {
        /// The log.
        path: PathBuf,
        /// Who holds the lock, as far as it is known.
        holder: String,
    },
    /// It is a database of something else.
    #[error("{path} is not a Twostep log (application id {found:#010x}): check the configured path")]
    Foreign {
        /// The file.
        path: PathBuf,
        /// The application id in it.
        found: i32,
    },
    /// A newer version of the product made it.
    #[error(
        "{path} has schema {found}, this version knows up to {known}: start the version that wrote it, or a newer one"
    )]
    Newer {
        /// The log.
        path: PathBuf,
        /// The schema in the file.
        found: i64,
        /// The newest schema known here.
        known: i64,
    },
    /// It is damaged.
    #[error(
        "{path} is damaged ({reason}): keep the file as it is, don't delete it, and restore the log from the last backup"
    )]
    Damaged {
        /// The log.
        path: PathBuf,
        /// What was found.
        reason: String,
    },
    /// The file system or the database refused.
    #[error("{path} can't be opened while {doing}: {reason}")]
    Failed {
        /// The log.
        path: PathBuf,
        /// What was being done.
        doing: &'static str,
        /// What was said.
        reason: String,
    },
}

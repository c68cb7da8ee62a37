//! Why the log can't be read or written.

use crate::Revision;

/// Why an append did not happen.
#[derive(Debug, thiserror::Error)]
pub enum AppendError {
    /// Somebody appended since the load: load again and decide again.
    #[error("the stream has moved on to revision {current:?}")]
    Conflict {
        /// The stream's last revision now; none: it is empty.
        current: Option<Revision>,
    },
    /// An event or the whole append is over the size that every engine takes.
    #[error("the append has {bytes} bytes, the limit is {limit}")]
    TooLarge {
        /// What it has.
        bytes: usize,
        /// What it may have.
        limit: usize,
    },
    /// The store takes nothing at present: the disk is full.
    #[error("the log can't grow: {reason}; make room where it lies, it goes on by itself")]
    Full {
        /// What is full.
        reason: String,
    },
    /// The store is not there, or it isn't known whether the append happened; appending the same ids again finds out.
    #[error("the log can't be written: {reason}")]
    Unavailable {
        /// What is wrong.
        reason: String,
    },
}

/// Why the log can't be read.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// What is stored is not what was written.
    #[error(
        "the log is damaged at {place} ({reason}): keep its file as it is, and restore the log from the last backup"
    )]
    Damaged {
        /// Where.
        place: String,
        /// What is wrong there.
        reason: String,
    },
    /// The store is not there.
    #[error("the log can't be read: {reason}")]
    Unavailable {
        /// What is wrong.
        reason: String,
    },
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_reads_that_the_log_is_damaged_reads_what_to_do() {
        let damaged = ReadError::Damaged { place: "7".to_owned(), reason: "torn".to_owned() }.to_string();
        assert!(damaged.contains("at 7 (torn): keep its file"), "{damaged}");
        assert!(damaged.contains("restore the log from the last backup"), "{damaged}");
    }
}

//! The lock that makes the writer the only one.

use std::fs::{File, TryLockError};
use std::io::{Read as _, Seek as _, Write as _};
use std::path::{Path, PathBuf};

use crate::OpenError;
use crate::file::{owner_only, path_with};

/// The right to write one log, held for as long as it lives; the operating system drops it with the process.
///
/// Taken by itself where something beside the log is decided by whether there is a log.
pub struct WriterLock {
    path: PathBuf,
    _file: File,
}

impl WriterLock {
    /// The lock of the log at `path`, which needn't be there yet.
    ///
    /// # Errors
    /// [`OpenError`]: another process holds it, or its file can't be made.
    pub fn take(path: &Path) -> Result<Self, OpenError> {
        let failed = |error: std::io::Error| OpenError::Failed {
            path: path.to_owned(),
            doing: "taking the writer's lock",
            reason: error.to_string(),
        };
        let mut file =
            owner_only().read(true).create(true).truncate(false).open(lock_path(path)).map_err(failed)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                return Err(OpenError::Locked { path: path.to_owned(), holder: holder(&mut file) });
            }
            Err(TryLockError::Error(error)) => return Err(failed(error)),
        }
        file.set_len(0).and_then(|()| file.rewind()).map_err(failed)?;
        writeln!(file, "process {}", std::process::id()).map_err(failed)?;
        Ok(Self { path: path.to_owned(), _file: file })
    }

    /// The log that it locks.
    #[must_use]
    pub fn log(&self) -> &Path {
        &self.path
    }

    /// The file that is locked: whoever clears the folder leaves it, or the next one locks another file.
    #[must_use]
    pub fn file(&self) -> PathBuf {
        lock_path(&self.path)
    }
}

fn lock_path(path: &Path) -> PathBuf {
    path_with(path, ".lock")
}

/// What the holder wrote into the file; only for the message.
fn holder(file: &mut File) -> String {
    let mut text = String::new();
    match file.read_to_string(&mut text) {
        Ok(length) if length > 0 => text.trim().to_owned(),
        _ => "unknown".to_owned(),
    }
}

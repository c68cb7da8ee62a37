//! Whether the log can grow, once it could not.

use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use twostep_event_store::{AppendError, Appended, MAX_APPEND_BYTES};

use crate::file::{owner_only, path_with};

/// What the last append heard about room. While readiness waits for room nobody appends, so somebody else must look.
pub(crate) struct Room {
    trial: PathBuf,
    wanting: Mutex<Option<String>>,
}

impl Room {
    /// Beside the log at `path`.
    pub(crate) fn beside(path: &Path) -> Self {
        Self { trial: path_with(path, ".room"), wanting: Mutex::default() }
    }

    /// Remembers what an append was answered.
    pub(crate) fn hear(&self, answer: &Result<Appended, AppendError>) {
        match answer {
            Ok(_) => *self.wanting() = None,
            Err(AppendError::Full { reason }) => *self.wanting() = Some(reason.clone()),
            Err(_) => {}
        }
    }

    /// Whether room is wanting, and isn't there yet: then as much as the largest append is tried out. Blocks.
    pub(crate) fn check(&self) -> Result<(), AppendError> {
        let Some(reason) = self.wanting().clone() else { return Ok(()) };
        if self.try_out().is_err() {
            return Err(AppendError::Full { reason });
        }
        *self.wanting() = None;
        Ok(())
    }

    fn try_out(&self) -> io::Result<()> {
        let mut file = owner_only().create(true).truncate(true).open(&self.trial)?;
        let written = file.write_all(&vec![0; MAX_APPEND_BYTES]).and_then(|()| file.sync_all());
        fs::remove_file(&self.trial)?;
        written
    }

    fn wanting(&self) -> MutexGuard<'_, Option<String>> {
        self.wanting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

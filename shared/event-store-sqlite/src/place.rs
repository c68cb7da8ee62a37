//! Where the log is, and whether it still is.

use std::fs;
use std::io;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};

/// A path and the file that it led to.
pub(crate) struct Place {
    path: PathBuf,
    device: u64,
    inode: u64,
}

impl Place {
    /// The file at `path` as it is now.
    pub(crate) fn of(path: &Path) -> io::Result<Self> {
        let found = fs::metadata(path)?;
        Ok(Self { path: path.to_owned(), device: found.dev(), inode: found.ino() })
    }

    /// Whether `path` still leads to the file: events in one that was moved or deleted would be acknowledged
    /// and never seen again.
    pub(crate) fn check(&self) -> Result<(), String> {
        match fs::metadata(&self.path) {
            Ok(found) if (found.dev(), found.ino()) == (self.device, self.inode) => Ok(()),
            Ok(_) => Err(format!("{} was replaced by another file", self.path.display())),
            Err(error) => Err(format!("{} was moved or deleted: {error}", self.path.display())),
        }
    }
}

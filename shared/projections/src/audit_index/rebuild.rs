//! The index built anew beside the live one, and compared.

use std::path::Path;
use std::sync::{Arc, Mutex};

use tokio::runtime::Handle;
use twostep_event_store::{Checkpoint, Reader};

use super::table::{Table, remove};
use super::{AuditIndex, NAME, lock};
use crate::follower::Hindrance;
use crate::rebuild::{PAGE, PASSES, RebuildError, Rebuilt};

impl From<rusqlite::Error> for RebuildError {
    fn from(error: rusqlite::Error) -> Self {
        Self::Unkept { model: NAME, reason: error.to_string() }
    }
}

impl AuditIndex {
    /// Builds the index anew in a file beside the live one, compares the two at the same checkpoint, and puts the new
    /// one in its place where they differ.
    ///
    /// # Errors
    /// [`RebuildError`]; the live index goes on, with what it took in meanwhile.
    pub async fn rebuild(&self) -> Result<Rebuilt, RebuildError> {
        let only = self.rebuilding.clone().try_lock_owned();
        let only = only.map_err(|_| RebuildError::Underway { model: NAME })?;
        let (reader, live, path) =
            (self.reader.clone(), self.table.clone(), self.path.with_extension("beside"));
        let work = Handle::current().spawn_blocking(move || {
            // Held here: the work goes on also where nobody waits for it any more, and the file beside is its own.
            let _only = only;
            let same = rebuild(&reader, &live, &path);
            let removed = remove(&path);
            removed.unwrap_or_else(|error| tracing::warn!(path = %path.display(), %error, "it stays behind"));
            same
        });
        let failed = |reason: String| RebuildError::Unkept { model: NAME, reason };
        let same = work.await.map_err(|error| failed(error.to_string()))??;
        if !same {
            tracing::error!(model = NAME, "the read model was not what the log adds up to; it is now");
        }
        Ok(Rebuilt { model: NAME, same })
    }
}

/// Whether `live` was what the log adds up to. Blocks.
fn rebuild(reader: &Arc<dyn Reader>, live: &Arc<Mutex<Table>>, path: &Path) -> Result<bool, RebuildError> {
    let mut beside = Table::make(path)?;
    for _ in 0..PASSES {
        let target = reached(&lock(live))?;
        read_to(reader, &mut beside, &target)?;
    }
    let mut live = lock(live);
    read_to(reader, &mut beside, &reached(&live)?)?;
    // The new one is there or further on; what came meanwhile goes to both.
    while reached(&live)? != reached(&beside)? {
        let from = reached(&live)?;
        let page = Handle::current().block_on(reader.read(&from, PAGE))?;
        joined(live.add(&from, &page)?)?;
        joined(beside.add(&from, &page)?)?;
    }
    drop(beside);
    Ok(live.take_over(path)?)
}

/// An error where a page did not join on to its table.
fn joined(joined: bool) -> Result<(), RebuildError> {
    let gap = || RebuildError::Unkept { model: NAME, reason: Hindrance::Gap.to_string() };
    joined.then_some(()).ok_or_else(gap)
}

fn reached(table: &Table) -> Result<Checkpoint, RebuildError> {
    Ok(table.reached()?.map(|reached| reached.checkpoint).unwrap_or_default())
}

/// Reads on until `table` has what `target` has, or a little more.
fn read_to(reader: &Arc<dyn Reader>, table: &mut Table, target: &Checkpoint) -> Result<(), RebuildError> {
    while !reached(table)?.covers(target) {
        let from = reached(table)?;
        let page = Handle::current().block_on(reader.read(&from, PAGE))?;
        joined(table.add(&from, &page)?)?;
    }
    Ok(())
}

//! The index built anew beside the live one, and compared.

use std::path::Path;
use std::sync::{Arc, Mutex};

use tokio::runtime::Handle;
use twostep_event_store::{Checkpoint, Reader};

use super::table::{Table, remove};
use super::{AuditIndex, NAME, lock};
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
    /// [`RebuildError`]; the live index goes on as it was.
    pub async fn rebuild(&self) -> Result<Rebuilt, RebuildError> {
        let (reader, live, path) =
            (self.reader.clone(), self.table.clone(), self.path.with_extension("beside"));
        let work = Handle::current().spawn_blocking(move || {
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
        let page = Handle::current().block_on(reader.read(&reached(&live)?, PAGE))?;
        live.add(&page)?;
        beside.add(&page)?;
    }
    drop(beside);
    Ok(live.take_over(path)?)
}

fn reached(table: &Table) -> Result<Checkpoint, RebuildError> {
    Ok(table.reached()?.map(|reached| reached.checkpoint).unwrap_or_default())
}

/// Reads on until `table` has what `target` has, or a little more.
fn read_to(reader: &Arc<dyn Reader>, table: &mut Table, target: &Checkpoint) -> Result<(), RebuildError> {
    while !reached(table)?.covers(target) {
        let page = Handle::current().block_on(reader.read(&reached(table)?, PAGE))?;
        table.add(&page)?;
    }
    Ok(())
}

//! The ends of the streams that were written lately.

use std::collections::HashMap;

use rusqlite::{Connection, OptionalExtension as _, params};
use twostep_event_store::{Revision, StreamId};

/// Streams that are remembered at most.
const KNOWN: usize = 8192;

/// A stream's row and its last revision.
#[derive(Clone, Copy)]
pub(crate) struct End {
    pub(crate) row: i64,
    pub(crate) last: Option<Revision>,
}

/// What the writer, being the only one, knows about the ends of streams without asking the file.
///
/// It holds what the open transaction did as well, so it must be forgotten when any of that is rolled back.
#[derive(Default)]
pub(crate) struct Ends {
    known: HashMap<StreamId, End>,
}

impl Ends {
    /// Where `stream` ends; nothing where it has no row.
    pub(crate) fn of(&mut self, connection: &Connection, stream: &StreamId) -> rusqlite::Result<Option<End>> {
        if let Some(end) = self.known.get(stream) {
            return Ok(Some(*end));
        }
        let found = look_up(connection, stream)?;
        if let Some(end) = found {
            self.set(stream, end);
        }
        Ok(found)
    }

    /// `stream` ends there now.
    pub(crate) fn set(&mut self, stream: &StreamId, end: End) {
        if let Some(known) = self.known.get_mut(stream) {
            *known = end;
            return;
        }
        if self.known.len() >= KNOWN {
            self.known.clear();
        }
        self.known.insert(stream.clone(), end);
    }

    /// Something was rolled back.
    pub(crate) fn forget(&mut self) {
        self.known.clear();
    }
}

fn look_up(connection: &Connection, stream: &StreamId) -> rusqlite::Result<Option<End>> {
    connection
        .prepare_cached(
            "SELECT id, (SELECT max(revision) FROM events WHERE stream = streams.id) FROM streams
             WHERE company = ?1 AND kind = ?2 AND key = ?3",
        )?
        .query_row(params![stream.company.0.as_bytes(), stream.kind.as_str(), stream.key.as_str()], |row| {
            Ok(End { row: row.get(0)?, last: row.get::<_, Option<u64>>(1)?.map(Revision) })
        })
        .optional()
}

/// Gives `stream` a row.
pub(crate) fn begin(connection: &Connection, stream: &StreamId) -> rusqlite::Result<End> {
    let row = connection
        .prepare_cached("INSERT INTO streams (company, kind, key) VALUES (?1, ?2, ?3)")?
        .insert(params![stream.company.0.as_bytes(), stream.kind.as_str(), stream.key.as_str()])?;
    Ok(End { row, last: None })
}

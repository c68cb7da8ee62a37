//! One command of the writer.

use rusqlite::{Connection, OptionalExtension as _, params};
use tokio::sync::oneshot;
use twostep_event_store::{AppendError, AppendToken, Appended, Partition, Position, PreparedEvent};

use crate::ends::{self, End, Ends};
use crate::query::nanoseconds;

/// An append that waits for the writer.
pub(crate) struct Command {
    pub(crate) token: AppendToken,
    pub(crate) events: Vec<PreparedEvent>,
    pub(crate) answer: oneshot::Sender<Result<Appended, AppendError>>,
}

impl Command {
    /// What it weighs in its group.
    pub(crate) fn bytes(&self) -> usize {
        self.events.iter().map(|event| event.envelope_bytes.len() + event.data.len()).sum()
    }

    /// Appends within the open transaction, where the log's last position is `head`.
    ///
    /// The outer error is the database's; the inner one is the command's, and then nothing was inserted.
    pub(crate) fn run(
        &self,
        connection: &Connection,
        ends: &mut Ends,
        head: u64,
    ) -> rusqlite::Result<Result<Appended, AppendError>> {
        let stream = self.token.stream();
        let end = ends.of(connection, stream)?;
        let current = end.and_then(|end| end.last);
        if current != self.token.last() {
            let repeated = match end {
                Some(end) => self.repeated(connection, end.row)?,
                None => None,
            };
            return Ok(repeated.ok_or(AppendError::Conflict { current }));
        }
        let end = match end {
            Some(end) => end,
            None => ends::begin(connection, stream)?,
        };
        let appended = self.insert(connection, end.row, head)?;
        ends.set(stream, End { last: Some(appended.revision), ..end });
        Ok(Ok(appended))
    }

    fn insert(&self, connection: &Connection, stream: i64, head: u64) -> rusqlite::Result<Appended> {
        let mut statement = connection.prepare_cached(
            "INSERT INTO events (position, stream, revision, id, recorded_at, envelope, data)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        )?;
        let mut appended =
            Appended { revision: self.token.next(), position: Position::new(Partition::ONLY, head) };
        for (position, event) in (head + 1..).zip(&self.events) {
            let envelope = &event.envelope;
            statement.execute(params![
                position,
                stream,
                envelope.revision.0,
                envelope.id.0.as_bytes(),
                nanoseconds(envelope.recorded_at),
                event.envelope_bytes,
                event.data,
            ])?;
            let position = Position::new(Partition::ONLY, position);
            appended = Appended { revision: envelope.revision, position };
        }
        Ok(appended)
    }

    /// What it did the first time, if its ids stand at its revisions.
    fn repeated(&self, connection: &Connection, stream: i64) -> rusqlite::Result<Option<Appended>> {
        let mut statement = connection
            .prepare_cached("SELECT position, id FROM events WHERE stream = ?1 AND revision = ?2")?;
        let mut last = None;
        for event in &self.events {
            let revision = event.envelope.revision;
            let stored: Option<(u64, [u8; 16])> = statement
                .query_row(params![stream, revision.0], |row| Ok((row.get(0)?, row.get(1)?)))
                .optional()?;
            match stored {
                Some((position, id)) if id == *event.envelope.id.0.as_bytes() => {
                    last = Some(Appended { revision, position: Position::new(Partition::ONLY, position) });
                }
                _ => return Ok(None),
            }
        }
        Ok(last)
    }
}

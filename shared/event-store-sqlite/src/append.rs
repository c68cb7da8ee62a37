//! One command of the writer.

use rusqlite::{Connection, OptionalExtension as _, params};
use tokio::sync::oneshot;
use twostep_event_store::{
    AppendError, AppendToken, Appended, Partition, Position, PreparedEvent, Revision, StreamId,
};

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
        head: u64,
    ) -> rusqlite::Result<Result<Appended, AppendError>> {
        let stream = stream_row(connection, self.token.stream())?;
        let current = match stream {
            Some(stream) => last_revision(connection, stream)?,
            None => None,
        };
        if current == self.token.last() {
            let stream = match stream {
                Some(stream) => stream,
                None => new_stream(connection, self.token.stream())?,
            };
            return self.insert(connection, stream, head).map(Ok);
        }
        let repeated = match stream {
            Some(stream) => self.repeated(connection, stream)?,
            None => None,
        };
        Ok(repeated.ok_or(AppendError::Conflict { current }))
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

/// The row of `stream`, where it has one.
pub(crate) fn stream_row(connection: &Connection, stream: &StreamId) -> rusqlite::Result<Option<i64>> {
    connection
        .prepare_cached("SELECT id FROM streams WHERE company = ?1 AND kind = ?2 AND key = ?3")?
        .query_row(params![stream.company.0.as_bytes(), stream.kind.as_str(), stream.key.as_str()], |row| {
            row.get(0)
        })
        .optional()
}

fn new_stream(connection: &Connection, stream: &StreamId) -> rusqlite::Result<i64> {
    connection
        .prepare_cached("INSERT INTO streams (company, kind, key) VALUES (?1, ?2, ?3)")?
        .insert(params![stream.company.0.as_bytes(), stream.kind.as_str(), stream.key.as_str()])
}

fn last_revision(connection: &Connection, stream: i64) -> rusqlite::Result<Option<Revision>> {
    let last: Option<u64> = connection
        .prepare_cached("SELECT max(revision) FROM events WHERE stream = ?1")?
        .query_row([stream], |row| row.get(0))?;
    Ok(last.map(Revision))
}

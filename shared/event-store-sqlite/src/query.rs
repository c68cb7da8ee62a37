//! What is read, on one connection.

use rusqlite::{Connection, ErrorCode, OptionalExtension as _, Row, params};
use twostep_domain::Time;
use twostep_event_store::{
    AppendToken, Loaded, Partition, Position, ReadError, RecordedEvent, Revision, StreamId,
};

use crate::failure::describe;

/// The events of `stream` after `after`, and the token for its end, as of one moment.
pub(crate) fn load(
    connection: &Connection,
    stream: &StreamId,
    after: Option<Revision>,
) -> Result<Loaded, ReadError> {
    let moment = connection.unchecked_transaction().map_err(unreadable)?;
    let Some(row) = stream_row(&moment, stream).map_err(unreadable)? else {
        return Ok(Loaded { events: Vec::new(), token: AppendToken::new(stream.clone(), None, 0) });
    };
    let events = tail(&moment, row, after)?;
    for (event, expected) in events.iter().zip(after.map_or(0, |after| after.0.saturating_add(1))..) {
        in_its_place(event, stream, Revision(expected))?;
    }
    let last = match events.last() {
        Some(last) => Some((last.envelope.revision, nanoseconds(last.envelope.recorded_at))),
        None => end(&moment, row).map_err(unreadable)?,
    };
    let (last, recorded_at) = last.map_or((None, 0), |(revision, at)| (Some(revision), at));
    Ok(Loaded { events, token: AppendToken::new(stream.clone(), last, guard(recorded_at)) })
}

/// The event of `stream` at `revision`.
pub(crate) fn event(
    connection: &Connection,
    stream: &StreamId,
    revision: Revision,
) -> Result<Option<RecordedEvent>, ReadError> {
    let Some(row) = stream_row(connection, stream).map_err(unreadable)? else { return Ok(None) };
    let stored = connection
        .prepare_cached("SELECT position, envelope, data FROM events WHERE stream = ?1 AND revision = ?2")
        .map_err(unreadable)?
        .query_row(params![row, i64::try_from(revision.0).unwrap_or(i64::MAX)], Stored::of)
        .optional()
        .map_err(unreadable)?;
    let event = stored.map(Stored::recorded).transpose()?;
    event.iter().try_for_each(|event| in_its_place(event, stream, revision))?;
    Ok(event)
}

/// At most `limit` events after `after`, in order.
pub(crate) fn read(
    connection: &Connection,
    after: u64,
    limit: usize,
) -> Result<Vec<RecordedEvent>, ReadError> {
    let after = i64::try_from(after).unwrap_or(i64::MAX);
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let mut statement = connection
        .prepare_cached(
            "SELECT position, envelope, data FROM events WHERE position > ?1 ORDER BY position LIMIT ?2",
        )
        .map_err(unreadable)?;
    let rows = statement.query_map(params![after, limit], Stored::of).map_err(unreadable)?;
    rows.map(|row| row.map_err(unreadable)?.recorded()).collect()
}

/// The position of the log's last event; 0 where it is empty.
pub(crate) fn head(connection: &Connection) -> rusqlite::Result<u64> {
    connection.prepare_cached("SELECT ifnull(max(position), 0) FROM events")?.query_row([], |row| row.get(0))
}

/// The time that the guard of a token carries: when its stream's last event was recorded.
pub(crate) fn not_before(token: &AppendToken) -> Option<Time> {
    token.last().map(|_| Time::from_timestamp_nanos(token.guard().cast_signed()))
}

/// A time as its column and a token's guard hold it.
pub(crate) fn nanoseconds(time: Time) -> i64 {
    time.timestamp_nanos_opt().unwrap_or(i64::MAX)
}

fn guard(nanoseconds: i64) -> u64 {
    nanoseconds.cast_unsigned()
}

fn tail(
    connection: &Connection,
    stream: i64,
    after: Option<Revision>,
) -> Result<Vec<RecordedEvent>, ReadError> {
    let after = after.map_or(-1, |after| i64::try_from(after.0).unwrap_or(i64::MAX));
    let mut statement = connection
        .prepare_cached(
            "SELECT position, envelope, data FROM events WHERE stream = ?1 AND revision > ?2 ORDER BY revision",
        )
        .map_err(unreadable)?;
    let rows = statement.query_map(params![stream, after], Stored::of).map_err(unreadable)?;
    rows.map(|row| row.map_err(unreadable)?.recorded()).collect()
}

fn end(connection: &Connection, stream: i64) -> rusqlite::Result<Option<(Revision, i64)>> {
    connection
        .prepare_cached(
            "SELECT revision, recorded_at FROM events WHERE stream = ?1 ORDER BY revision DESC LIMIT 1",
        )?
        .query_row([stream], |row| Ok((Revision(row.get(0)?), row.get(1)?)))
        .optional()
}

/// The row of `stream`, where it has one.
fn stream_row(connection: &Connection, stream: &StreamId) -> rusqlite::Result<Option<i64>> {
    connection
        .prepare_cached("SELECT id FROM streams WHERE company = ?1 AND kind = ?2 AND key = ?3")?
        .query_row(params![stream.company.0.as_bytes(), stream.kind.as_str(), stream.key.as_str()], |row| {
            row.get(0)
        })
        .optional()
}

/// A row of the log.
struct Stored {
    position: u64,
    envelope: Vec<u8>,
    data: Vec<u8>,
}

impl Stored {
    fn of(row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self { position: row.get(0)?, envelope: row.get(1)?, data: row.get(2)? })
    }

    fn recorded(self) -> Result<RecordedEvent, ReadError> {
        let envelope = serde_json::from_slice(&self.envelope)
            .map_err(|error| damaged(format!("position {}", self.position), error.to_string()))?;
        Ok(RecordedEvent {
            envelope,
            envelope_bytes: self.envelope,
            data: self.data,
            position: Position::new(Partition::ONLY, self.position),
        })
    }
}

/// The columns found it: its envelope must say the same.
fn in_its_place(event: &RecordedEvent, stream: &StreamId, revision: Revision) -> Result<(), ReadError> {
    let envelope = &event.envelope;
    let same_stream =
        envelope.company == stream.company && envelope.kind == stream.kind && envelope.key == stream.key;
    if same_stream && envelope.revision == revision {
        return Ok(());
    }
    let found = format!("the envelope there is of {} revision {}", event.stream(), envelope.revision.0);
    Err(damaged(format!("{stream} revision {}", revision.0), found))
}

/// What an error while reading means.
pub(crate) fn unreadable(error: rusqlite::Error) -> ReadError {
    let reason = describe(&error);
    match error.sqlite_error_code() {
        Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => damaged("the file".to_owned(), reason),
        _ => ReadError::Unavailable { reason },
    }
}

fn damaged(place: String, reason: String) -> ReadError {
    ReadError::Damaged { place, reason }
}

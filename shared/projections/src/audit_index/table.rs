//! The index's file.

use std::fs::OpenOptions;
use std::io;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use rusqlite::types::Type;
use rusqlite::{Connection, OptionalExtension as _, Row, ToSql, params, params_from_iter};
use twostep_domain::{CompanyId, EventId, StreamKind};
use twostep_event_store::{Checkpoint, RecordedEvent, Revision, StreamId, StreamKey};
use uuid::Uuid;

use super::filter::{actor, subject};
use super::{AuditFilter, Indexed, Streams};

/// The layout's version (`user_version`): a file of another one is made anew.
const LAYOUT: i64 = 1;

/// Nothing here must be durable beside the log: what the power takes of the latest rows is read again. But it must not
/// tear the file, which `OFF` lets it do unnoticed while the write-ahead log is copied back: `NORMAL` syncs there, and
/// at no commit.
const SCHEMA: &str = "
    PRAGMA journal_mode = WAL;
    PRAGMA synchronous = NORMAL;
    CREATE TABLE IF NOT EXISTS events (
        company BLOB NOT NULL,
        number INTEGER NOT NULL,
        kind TEXT NOT NULL,
        key TEXT NOT NULL,
        revision INTEGER NOT NULL,
        type TEXT NOT NULL,
        recorded_at INTEGER NOT NULL,
        subject BLOB,
        actor BLOB,
        PRIMARY KEY (company, number)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX IF NOT EXISTS by_type ON events (company, type, number);
    CREATE INDEX IF NOT EXISTS by_subject ON events (company, subject, number) WHERE subject IS NOT NULL;
    CREATE INDEX IF NOT EXISTS by_actor ON events (company, actor, number) WHERE actor IS NOT NULL;
    CREATE TABLE IF NOT EXISTS progress (
        one INTEGER PRIMARY KEY CHECK (one = 1),
        checkpoint TEXT NOT NULL,
        company BLOB NOT NULL,
        kind TEXT NOT NULL,
        key TEXT NOT NULL,
        revision INTEGER NOT NULL,
        id BLOB NOT NULL
    ) STRICT;
    PRAGMA user_version = 1;
";

/// An open file.
pub(super) struct Table {
    connection: Connection,
}

/// How far a table goes.
pub(super) struct Reached {
    pub(super) checkpoint: Checkpoint,
    /// The last event: its stream, revision and id.
    pub(super) last: (StreamId, Revision, EventId),
}

impl Reached {
    fn of(row: &Row<'_>) -> rusqlite::Result<Self> {
        let checkpoint = row.get_ref(0)?.as_str()?.parse().map_err(|error| unreadable(0, error))?;
        let stream = stream(CompanyId(Uuid::from_bytes(row.get(1)?)), row, 2)?;
        let last = (stream, revision(row, 4)?, EventId(Uuid::from_bytes(row.get(5)?)));
        Ok(Self { checkpoint, last })
    }
}

impl Table {
    /// The file at `path`, made where there is none.
    pub(super) fn open(path: &Path) -> rusqlite::Result<Self> {
        let made = OpenOptions::new().create(true).append(true).mode(0o600).open(path);
        made.map_err(|error| rusqlite::Error::ToSqlConversionFailure(error.into()))?;
        let connection = Connection::open(path)?;
        let layout = connection.pragma_query_value(None, "user_version", |row| row.get::<_, i64>(0))?;
        if ![0, LAYOUT].contains(&layout) {
            return Err(rusqlite::Error::IntegralValueOutOfRange(0, layout));
        }
        connection.execute_batch(SCHEMA)?;
        Ok(Self { connection })
    }

    /// An empty file at `path`, whatever was there.
    pub(super) fn make(path: &Path) -> rusqlite::Result<Self> {
        remove(path).map_err(|error| rusqlite::Error::ToSqlConversionFailure(error.into()))?;
        Self::open(path)
    }

    /// How far the rows go, and the event that they end with; none: there are no rows.
    pub(super) fn reached(&self) -> rusqlite::Result<Option<Reached>> {
        let query = "SELECT checkpoint, company, kind, key, revision, id FROM progress";
        self.connection.query_row(query, [], Reached::of).optional()
    }

    /// Adds what it doesn't have of `events`, the page of the log after `from`, and that they are there, at once.
    ///
    /// Adds nothing and says so (false) where it doesn't reach `from`: what lies between would be hidden for good.
    pub(super) fn add(&mut self, from: &Checkpoint, events: &[RecordedEvent]) -> rusqlite::Result<bool> {
        let mut checkpoint = self.reached()?.map(|reached| reached.checkpoint).unwrap_or_default();
        if !checkpoint.covers(from) {
            return Ok(false);
        }
        let change = self.connection.transaction()?;
        let mut added = None;
        for event in events {
            if checkpoint.includes(event.position) {
                continue;
            }
            insert(&change, event)?;
            checkpoint.advance(event.position);
            added = Some(&event.envelope);
        }
        if let Some(envelope) = added {
            change.prepare_cached("INSERT OR REPLACE INTO progress VALUES (1, ?, ?, ?, ?, ?, ?)")?.execute(
                params![
                    checkpoint.to_string(),
                    envelope.company.0.as_bytes(),
                    envelope.kind.as_str(),
                    envelope.key.as_str(),
                    envelope.revision.0.cast_signed(),
                    envelope.id.0.as_bytes(),
                ],
            )?;
        }
        change.commit()?;
        Ok(true)
    }

    /// At most `limit` events of `company` after the number `after`, in order.
    pub(super) fn find(
        &self,
        company: CompanyId,
        filter: &AuditFilter,
        after: u64,
        limit: usize,
    ) -> rusqlite::Result<Vec<Indexed>> {
        let after = i64::try_from(after).unwrap_or(i64::MAX);
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let mut conditions = vec!["company = ?", "number > ?"];
        let mut values: Vec<Box<dyn ToSql>> = vec![Box::new(*company.0.as_bytes()), Box::new(after)];
        if let Some(event_type) = &filter.event_type {
            conditions.push("type = ?");
            values.push(Box::new(event_type.clone()));
        }
        if let Some(member) = filter.member {
            conditions.push("(subject = ? OR actor = ?)");
            values.extend([member, member].map(|id| -> Box<dyn ToSql> { Box::new(*id.0.as_bytes()) }));
        }
        let streams = filter.streams.iter().map(|streams| match streams {
            Streams::All(kind) => {
                values.push(Box::new(kind.as_str()));
                "kind = ?"
            }
            Streams::One(kind, key) => {
                values.push(Box::new(kind.as_str()));
                values.push(Box::new(StreamKey::from(*key).as_str().to_owned()));
                "kind = ? AND key = ?"
            }
        });
        let streams = streams.collect::<Vec<_>>().join(" OR ");
        let streams = format!("({streams})");
        if !filter.streams.is_empty() {
            conditions.push(&streams);
        }
        if let Some(from) = filter.from {
            conditions.push("recorded_at >= ?");
            values.push(Box::new(from.timestamp_micros()));
        }
        if let Some(until) = filter.until {
            conditions.push("recorded_at < ?");
            values.push(Box::new(until.timestamp_micros()));
        }
        values.push(Box::new(limit));
        let conditions = conditions.join(" AND ");
        let query = format!(
            "SELECT number, kind, key, revision FROM events WHERE {conditions} ORDER BY number LIMIT ?"
        );
        let mut statement = self.connection.prepare_cached(&query)?;
        let rows = statement.query_map(params_from_iter(values), |row| {
            let number = row.get::<_, i64>(0)?.cast_unsigned();
            Ok(Indexed { number, stream: stream(company, row, 1)?, revision: revision(row, 3)? })
        })?;
        rows.collect()
    }

    /// Whether this held what the file at `path` holds; it does now, in any case.
    pub(super) fn take_over(&mut self, path: &Path) -> rusqlite::Result<bool> {
        self.connection.execute("ATTACH ? AS beside", [path.to_string_lossy()])?;
        let taken = self.take_over_attached();
        self.connection.execute_batch("DETACH beside")?;
        taken
    }

    fn take_over_attached(&mut self) -> rusqlite::Result<bool> {
        let change = self.connection.transaction()?;
        let differs = change.query_row(
            "SELECT EXISTS (SELECT * FROM main.events EXCEPT SELECT * FROM beside.events)
                 OR EXISTS (SELECT * FROM beside.events EXCEPT SELECT * FROM main.events)",
            [],
            |row| row.get::<_, bool>(0),
        )?;
        if differs {
            change.execute_batch(
                "DELETE FROM main.events; INSERT INTO main.events SELECT * FROM beside.events;
                 DELETE FROM main.progress; INSERT INTO main.progress SELECT * FROM beside.progress;",
            )?;
        }
        change.commit()?;
        Ok(!differs)
    }
}

fn insert(change: &Connection, event: &RecordedEvent) -> rusqlite::Result<()> {
    let envelope = &event.envelope;
    let (subject, actor) = (subject(envelope), actor(envelope));
    let query =
        "INSERT INTO events (company, number, kind, key, revision, type, recorded_at, subject, actor) VALUES
             (?1, (SELECT ifnull(max(number), 0) + 1 FROM events WHERE company = ?1), ?2, ?3, ?4, ?5, ?6, ?7, ?8)";
    change.prepare_cached(query)?.execute(params![
        envelope.company.0.as_bytes(),
        envelope.kind.as_str(),
        envelope.key.as_str(),
        envelope.revision.0.cast_signed(),
        envelope.event_type,
        envelope.recorded_at.timestamp_micros(),
        subject.as_ref().map(Uuid::as_bytes),
        actor.as_ref().map(Uuid::as_bytes),
    ])?;
    Ok(())
}

/// The stream of `company` whose kind and key stand in `row` from `column` on.
fn stream(company: CompanyId, row: &Row<'_>, column: usize) -> rusqlite::Result<StreamId> {
    let name = row.get_ref(column)?.as_str()?;
    let kind = StreamKind::ALL.into_iter().find(|kind| kind.as_str() == name);
    let kind = kind.ok_or_else(|| unreadable(column, format!("{name} is no kind of stream")))?;
    let key = row.get::<_, String>(column + 1)?;
    let key = StreamKey::try_from(key).map_err(|error| unreadable(column + 1, error))?;
    Ok(StreamId { company, kind, key })
}

fn revision(row: &Row<'_>, column: usize) -> rusqlite::Result<Revision> {
    Ok(Revision(row.get::<_, i64>(column)?.cast_unsigned()))
}

fn unreadable(column: usize, error: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> rusqlite::Error {
    rusqlite::Error::FromSqlConversionFailure(column, Type::Text, error.into())
}

/// Removes the file at `path` and what SQLite keeps beside it.
pub(super) fn remove(path: &Path) -> io::Result<()> {
    for suffix in ["", "-wal", "-shm"] {
        let mut name = path.as_os_str().to_owned();
        name.push(suffix);
        match std::fs::remove_file(PathBuf::from(name)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_power_may_take_the_latest_rows_but_not_tear_the_file() {
        let directory = tempfile::tempdir().unwrap();
        let table = Table::make(&directory.path().join("audit-index.db")).unwrap();
        let set = |name| table.connection.pragma_query_value(None, name, |row| row.get::<_, String>(0));
        let level = table.connection.pragma_query_value(None, "synchronous", |row| row.get::<_, i64>(0));
        assert_eq!((set("journal_mode").unwrap().as_str(), level.unwrap()), ("wal", 1));
    }
}

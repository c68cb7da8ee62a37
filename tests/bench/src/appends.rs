//! Appending to the embedded log, beside SQLite by hand.

use std::path::Path;
use std::time::Instant;

use anyhow::Context as _;
use chrono::Utc;
use futures::future::try_join_all;
use rusqlite::{Connection, params};
use twostep_domain::{CompanyId, EventId, MemberId, StreamKind};
use twostep_event_store::{Actor, AppendToken, Metadata, NewEvent, Reader as _, StreamId, Writer as _};
use twostep_event_store_sqlite::SqliteStore;
use twostep_tests::story::sample;
use uuid::Uuid;

use crate::row::{Row, Side, median};
use crate::spent::Meter;

/// Runs of each side, one of ours after one of the other.
const RUNS: usize = 5;

/// Appends of a run with so many in flight.
const LENGTHS: [(usize, usize); 2] = [(256, 20_480), (1, 1_000)];

/// An event as both sides write it.
pub(crate) struct Blobs {
    envelope: Vec<u8>,
    data: Vec<u8>,
}

/// One event in each append, 256 appends in flight or one.
///
/// # Errors
/// The store's.
pub(crate) async fn rows() -> anyhow::Result<Vec<Row>> {
    let mut rows = Vec::new();
    for (in_flight, length) in LENGTHS {
        let (mut ours, mut theirs) = (Vec::new(), Vec::new());
        for _ in 0..RUNS {
            let home = tempfile::tempdir()?;
            let (side, blobs) = append(home.path(), in_flight, length).await?;
            ours.push(side);
            theirs.push(by_hand(home.path(), &blobs, in_flight, length)?);
        }
        let name = format!(
            "append, embedded log, {in_flight} in flight, beside SQLite by hand in groups of {in_flight}"
        );
        rows.push(Row::at_least(name, "events/s", Side::median(&ours), Side::median(&theirs), 0.9));
    }
    Ok(rows)
}

/// Events in a second that SQLite takes by hand in transactions of `group`: the limit of whoever appends durably.
///
/// # Errors
/// The store's.
pub(crate) async fn limit(group: usize) -> anyhow::Result<f64> {
    let mut rates = Vec::new();
    for _ in 0..RUNS {
        let home = tempfile::tempdir()?;
        let (_, blobs) = append(home.path(), 1, 1).await?;
        rates.push(by_hand(home.path(), &blobs, group, group * 80)?.figure);
    }
    Ok(median(rates))
}

async fn append(home: &Path, in_flight: usize, length: usize) -> anyhow::Result<(Side, Blobs)> {
    let store = SqliteStore::open(home.join("log.db"))?;
    let (company, data) = (CompanyId(Uuid::from_u128(7)), sample("SignedIn")?);
    let streams: Vec<_> = (0..in_flight).map(|number| stream(company, number)).collect();
    let mut tokens = Vec::new();
    for stream in streams {
        let token = store.load(&stream, None).await?.token;
        store.append(token, vec![event(&data, &stream, 0)]).await?;
        tokens.push(store.load(&stream, None).await?.token);
    }
    let first = tokens[0].stream().clone();
    let meter = Meter::own()?;
    let begun = Instant::now();
    let (store, data) = (&store, &data);
    let writing = tokens.into_iter().map(|mut token| async move {
        for number in 0..length / in_flight {
            let (stream, guard) = (token.stream().clone(), token.guard());
            let appended = store.append(token, vec![event(data, &stream, number + 1)]).await?;
            // All events have one time, so the guard stays what it was.
            token = AppendToken::new(stream, Some(appended.revision), guard);
        }
        anyhow::Ok(())
    });
    try_join_all(writing).await?;
    let took = begun.elapsed().as_secs_f64();
    let events = u64::try_from(length)?;
    let spent = meter.read(events, 0)?;
    let stored = store.load(&first, None).await?.events;
    let stored = stored.first().context("nothing was stored")?;
    let blobs = Blobs { envelope: stored.envelope_bytes.clone(), data: stored.data.clone() };
    Ok((Side { figure: f64::from(u32::try_from(length)?) / took, spent: Some(spent) }, blobs))
}

fn stream(company: CompanyId, number: usize) -> StreamId {
    let member = MemberId(Uuid::from_u128(1 + number as u128));
    StreamId::new(company, StreamKind::SecondStep, member.0)
}

fn event(data: &[u8], stream: &StreamId, number: usize) -> NewEvent {
    let id = Uuid::new_v5(&stream.company.0, format!("{stream} {number}").as_bytes());
    NewEvent {
        id: EventId(id),
        event_type: "SignedIn".to_owned(),
        version: 1,
        data: data.to_vec(),
        metadata: Metadata {
            actor: Actor::Visitor,
            origin: None,
            correlation: id,
            causation: None,
            idempotency: None,
        },
        recorded_at: at(),
    }
}

fn at() -> chrono::DateTime<Utc> {
    chrono::DateTime::UNIX_EPOCH + chrono::TimeDelta::days(20_000)
}

/// The least that whoever keeps events by stream does: a row, an index, a sync for each group.
fn by_hand(home: &Path, blobs: &Blobs, group: usize, length: usize) -> anyhow::Result<Side> {
    let connection = Connection::open(home.join("by-hand.db"))?;
    connection.pragma_update(None, "journal_mode", "WAL")?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    connection.execute_batch(
        "CREATE TABLE events (position INTEGER PRIMARY KEY, stream BLOB NOT NULL, revision INTEGER NOT NULL,
         envelope BLOB NOT NULL, data BLOB NOT NULL, UNIQUE (stream, revision)) STRICT",
    )?;
    let mut insert = connection
        .prepare("INSERT INTO events (stream, revision, envelope, data) VALUES (?1, ?2, ?3, ?4)")?;
    let meter = Meter::own()?;
    let begun = Instant::now();
    for round in 0..length / group {
        connection.execute_batch("BEGIN IMMEDIATE")?;
        for number in 0..group {
            let stream = Uuid::from_u128(number as u128);
            insert.execute(params![stream.as_bytes(), round, blobs.envelope, blobs.data])?;
        }
        connection.execute_batch("COMMIT")?;
    }
    let took = begun.elapsed().as_secs_f64();
    let spent = meter.read(u64::try_from(length)?, 0)?;
    Ok(Side { figure: f64::from(u32::try_from(length)?) / took, spent: Some(spent) })
}

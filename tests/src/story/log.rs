//! Logs that no service wrote: of every event that there is, or as long as they must be.

use std::path::Path;

use anyhow::Context as _;
use chrono::{DateTime, TimeDelta, Utc};
use futures::future::try_join_all;
use twostep_domain::{CompanyId, EventId, MemberId, StreamKind};
use twostep_event_store::{Actor, Metadata, NewEvent, Reader as _, StreamId, Writer as _};
use twostep_event_store_sqlite::SqliteStore;
use uuid::Uuid;

/// People whose sign-ins fill a long log.
const PEOPLE: usize = 50;

/// Events to an append.
const AT_ONCE: usize = 100;

/// An event for a log.
pub struct LogEvent {
    /// Its stream.
    pub stream: StreamId,
    /// Its type.
    pub event_type: String,
    /// Its version.
    pub version: u16,
    /// Its data.
    pub data: Vec<u8>,
    /// When it was recorded.
    pub recorded_at: DateTime<Utc>,
    /// Who did it.
    pub actor: Actor,
}

/// The data of `name` in its first version, as the samples have it.
///
/// # Errors
/// There is no such sample.
pub fn sample(name: &str) -> anyhow::Result<Vec<u8>> {
    let path = crate::schemas::EVENTS.samples_folder().join(format!("{name}.v1.json"));
    std::fs::read(&path).with_context(|| format!("reading {}", path.display()))
}

/// A log at `path` with `events`, one after the other; their ids follow from company, type and time.
///
/// # Errors
/// The store's.
pub async fn write_log(path: &Path, events: Vec<LogEvent>) -> anyhow::Result<()> {
    let store = SqliteStore::open(path)?;
    for event in events {
        let token = store.load(&event.stream, None).await?.token;
        store.append(token, vec![new(event)]).await?;
    }
    Ok(())
}

/// A log at `path` with a company and `length` events of its history, sign-ins but for the first.
///
/// # Errors
/// The store's.
pub async fn long_log(path: &Path, company: CompanyId, length: usize) -> anyhow::Result<()> {
    let store = SqliteStore::open(path)?;
    let registered = LogEvent {
        stream: StreamId::company(company),
        event_type: "CompanyRegistered".to_owned(),
        version: 1,
        data: sample("CompanyRegistered")?,
        recorded_at: begin(),
        actor: Actor::Operator,
    };
    let token = store.load(&registered.stream, None).await?.token;
    store.append(token, vec![new(registered)]).await?;
    let signed_in = sample("SignedIn")?;
    let (store, signed_in) = (&store, &signed_in);
    // Appends of several streams go to the disk together.
    let people = (0..PEOPLE).map(|person| async move {
        let member = MemberId(Uuid::from_u128(1 + person as u128));
        let stream = StreamId::new(company, StreamKind::SecondStep, member.0);
        let mut token = store.load(&stream, None).await?.token;
        let numbers: Vec<usize> = (1..length).filter(|number| number % PEOPLE == person).collect();
        for batch in numbers.chunks(AT_ONCE) {
            let event = |number: &usize| {
                let event = LogEvent {
                    stream: stream.clone(),
                    event_type: "SignedIn".to_owned(),
                    version: 1,
                    data: signed_in.clone(),
                    recorded_at: begin() + TimeDelta::seconds(i64::try_from(*number).unwrap_or(0)),
                    actor: Actor::Member { id: member, roles: Default::default() },
                };
                new(event)
            };
            let appended = store.append(token, batch.iter().map(event).collect()).await?;
            token = store.load(&stream, Some(appended.revision)).await?.token;
        }
        anyhow::Ok(())
    });
    try_join_all(people).await.map(drop)
}

fn begin() -> DateTime<Utc> {
    DateTime::UNIX_EPOCH + TimeDelta::days(20_000)
}

fn new(event: LogEvent) -> NewEvent {
    let name = format!("{} {}", event.event_type, event.recorded_at);
    let id = Uuid::new_v5(&event.stream.company.0, name.as_bytes());
    NewEvent {
        id: EventId(id),
        event_type: event.event_type,
        version: event.version,
        data: event.data,
        metadata: Metadata {
            actor: event.actor,
            origin: None,
            correlation: id,
            causation: None,
            idempotency: None,
        },
        recorded_at: event.recorded_at,
    }
}

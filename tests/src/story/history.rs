//! Events that no request writes any more, or none alone: of a process that died in between, or of an older version.

use std::path::Path;

use chrono::DateTime;
use serde_json::Value;
use twostep_domain::{CompanyId, EventId};
use twostep_event_store::{Actor, Metadata, NewEvent, Reader as _, StreamId, Writer as _};
use twostep_event_store_sqlite::SqliteStore;
use uuid::Uuid;

/// Events to an append.
const AT_ONCE: usize = 100;

/// Appends `event_type` with `data` to the stream of `company` in the log that nobody has open.
///
/// # Errors
/// The log can't be opened or doesn't take it.
///
/// # Panics
/// Outside a tokio runtime.
pub fn append_to_company(log: &Path, company: Uuid, event_type: &str, data: &Value) -> anyhow::Result<()> {
    append_all_to_company(log, company, event_type, std::slice::from_ref(data))
}

/// The same, an event for each of `data`.
///
/// # Errors
/// The log can't be opened or doesn't take them.
///
/// # Panics
/// Outside a tokio runtime.
pub fn append_all_to_company(
    log: &Path,
    company: Uuid,
    event_type: &str,
    data: &[Value],
) -> anyhow::Result<()> {
    let log = log.to_owned();
    let data = data.iter().map(serde_json::to_vec).collect::<Result<Vec<_>, _>>()?;
    let event = |data: &Vec<u8>| NewEvent {
        id: EventId(Uuid::now_v7()),
        event_type: event_type.to_owned(),
        version: 1,
        data: data.clone(),
        metadata: Metadata {
            actor: Actor::Operator,
            origin: None,
            correlation: Uuid::now_v7(),
            causation: None,
            idempotency: None,
        },
        recorded_at: DateTime::default(),
    };
    let batches: Vec<Vec<NewEvent>> =
        data.chunks(AT_ONCE).map(|batch| batch.iter().map(event).collect()).collect();
    // The store waits on threads of the test's runtime, which its caller holds up.
    let handle = tokio::runtime::Handle::current();
    let written = std::thread::spawn(move || {
        handle.block_on(async move {
            let store = SqliteStore::open(&log)?;
            let stream = StreamId::company(CompanyId(company));
            let mut loaded = store.load(&stream, None).await?;
            let last = loaded.events.last().map(|event| event.envelope.recorded_at).unwrap_or_default();
            for mut batch in batches {
                batch.iter_mut().for_each(|event| event.recorded_at = last);
                let appended = store.append(loaded.token, batch).await?;
                loaded = store.load(&stream, Some(appended.revision)).await?;
            }
            anyhow::Ok(())
        })
    });
    written.join().map_err(|_| anyhow::anyhow!("appending to the log panicked"))?
}

//! Events that no request writes any more, or none alone: of a process that died in between, or of an older version.

use std::path::Path;

use serde_json::Value;
use twostep_domain::{CompanyId, EventId};
use twostep_event_store::{Actor, Metadata, NewEvent, Reader as _, StreamId, Writer as _};
use twostep_event_store_sqlite::SqliteStore;
use uuid::Uuid;

/// Appends `event_type` with `data` to the stream of `company` in the log that nobody has open.
///
/// # Errors
/// The log can't be opened or doesn't take it.
///
/// # Panics
/// Outside a tokio runtime.
pub fn append_to_company(log: &Path, company: Uuid, event_type: &str, data: &Value) -> anyhow::Result<()> {
    let (log, event_type, data) = (log.to_owned(), event_type.to_owned(), serde_json::to_vec(data)?);
    // The store waits on threads of the test's runtime, which its caller holds up.
    let handle = tokio::runtime::Handle::current();
    let written = std::thread::spawn(move || {
        handle.block_on(async move {
            let store = SqliteStore::open(&log)?;
            let loaded = store.load(&StreamId::company(CompanyId(company)), None).await?;
            let last = loaded.events.last().map(|event| event.envelope.recorded_at);
            let metadata = Metadata {
                actor: Actor::Operator,
                origin: None,
                correlation: Uuid::now_v7(),
                causation: None,
                idempotency: None,
            };
            let event = NewEvent {
                id: EventId(Uuid::now_v7()),
                event_type,
                version: 1,
                data,
                metadata,
                recorded_at: last.unwrap_or_default(),
            };
            store.append(loaded.token, vec![event]).await?;
            anyhow::Ok(())
        })
    });
    written.join().map_err(|_| anyhow::anyhow!("appending to the log panicked"))?
}

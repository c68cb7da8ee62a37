//! Whether a background part still follows the log.

use std::sync::{Arc, OnceLock};

use twostep_domain::DecodeError;
use twostep_event_store::RecordedEvent;

/// Says for a part that follows the log whether it still does; clones speak of the same part.
#[derive(Clone)]
pub(crate) struct Following {
    part: &'static str,
    stopped: Arc<OnceLock<String>>,
}

impl Following {
    pub(crate) fn new(part: &'static str) -> Self {
        Self { part, stopped: Arc::default() }
    }

    /// Which part.
    pub(crate) fn part(&self) -> &'static str {
        self.part
    }

    /// The part met an event that it can't read: it stops there, it never skips.
    pub(crate) fn stop(&self, event: &RecordedEvent, error: &DecodeError) {
        tracing::error!(part = self.part, stream = %event.stream(), %error, "a part that follows the log stops");
        let _ = self.stopped.set(format!("the {} stopped: {error}", self.part));
    }

    /// Why the part has stopped, if it has.
    pub(crate) fn stopped(&self) -> Option<String> {
        self.stopped.get().cloned()
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use twostep_domain::{CompanyId, EventId, StreamKind, Time};
    use twostep_event_store::{Actor, MemoryStore, Metadata, NewEvent, Reader as _, StreamId, Writer as _};
    use uuid::Uuid;

    /// A log with one event, of a type that this program may not know.
    pub(crate) async fn log_with(kind: StreamKind, event_type: &str) -> MemoryStore {
        let log = MemoryStore::new();
        append(&log, kind, Uuid::nil(), event_type).await;
        log
    }

    /// Appends such an event to the stream of `key`.
    pub(crate) async fn append(log: &MemoryStore, kind: StreamKind, key: Uuid, event_type: &str) {
        let stream = StreamId::new(CompanyId(Uuid::nil()), kind, key);
        let token = log.load(&stream, None).await.unwrap().token;
        let metadata = Metadata {
            actor: Actor::Operator,
            origin: None,
            correlation: Uuid::nil(),
            causation: None,
            idempotency: None,
        };
        let event = NewEvent {
            id: EventId(key),
            event_type: event_type.to_owned(),
            version: 1,
            data: b"{}".to_vec(),
            metadata,
            recorded_at: Time::UNIX_EPOCH,
        };
        log.append(token, vec![event]).await.unwrap();
    }
}

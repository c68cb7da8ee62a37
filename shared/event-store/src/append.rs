//! What an append takes and gives, and what a load gives.

use twostep_domain::{EventId, Time};

use crate::{Metadata, Position, RecordedEvent, Revision, StreamId};

/// The right to append after what was loaded: exact, for one stream, of the engine that gave it.
///
/// Engines guard appends differently, so what is inside is theirs; a token is never stored or sent.
#[derive(Clone, Debug)]
pub struct AppendToken {
    stream: StreamId,
    last: Option<Revision>,
    guard: u64,
}

impl AppendToken {
    /// For adapters: a token for `stream` whose last revision is `last`; `guard` is whatever the engine needs beside it.
    #[must_use]
    pub fn new(stream: StreamId, last: Option<Revision>, guard: u64) -> Self {
        Self { stream, last, guard }
    }

    /// The stream that it is for.
    #[must_use]
    pub fn stream(&self) -> &StreamId {
        &self.stream
    }

    /// The stream's last revision; none: it is empty.
    #[must_use]
    pub fn last(&self) -> Option<Revision> {
        self.last
    }

    /// The revision of the next event.
    #[must_use]
    pub fn next(&self) -> Revision {
        Revision(self.last.map_or(0, |last| last.0 + 1))
    }

    /// For adapters: what the engine put in.
    #[must_use]
    pub fn guard(&self) -> u64 {
        self.guard
    }
}

/// A stream, or its tail, as it stood at the moment of loading.
#[derive(Clone, Debug)]
pub struct Loaded {
    /// The events after the revision asked for, in order.
    pub events: Vec<RecordedEvent>,
    /// The right to append after the stream's last event, also where `events` is empty.
    pub token: AppendToken,
}

/// An event to append.
#[derive(Clone, Debug)]
pub struct NewEvent {
    /// Its id: the same id at the same revision is the same event.
    pub id: EventId,
    /// Its type.
    pub event_type: String,
    /// The version of its schema.
    pub version: u16,
    /// Its data, a JSON object; stored verbatim.
    pub data: Vec<u8>,
    /// Who, from where, why.
    pub metadata: Metadata,
    /// When; the engine stores a later time if the stream's last event has one.
    pub recorded_at: Time,
}

/// What an append did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Appended {
    /// The revision of the last event appended.
    pub revision: Revision,
    /// Its position in the log.
    pub position: Position,
}

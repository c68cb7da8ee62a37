//! What stands around an event's data.

use serde::{Deserialize, Serialize};
use twostep_domain::{ClientKind, CompanyId, Digest, EventId, MemberId, Roles, Sealed, StreamKind, Time};
use uuid::Uuid;

use crate::{Position, Revision, StreamId, StreamKey};

/// The first of the two blobs that are an event; its JSON, byte by byte as stored, is half of the leaf of the proof.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Stored")]
pub struct Envelope {
    /// The event's id.
    pub id: EventId,
    /// Whose stream.
    pub company: CompanyId,
    /// The stream's kind.
    pub kind: StreamKind,
    /// The stream's key.
    pub key: StreamKey,
    /// The event's place in its stream.
    pub revision: Revision,
    /// The event's type.
    #[serde(rename = "type")]
    pub event_type: String,
    /// The version of its schema.
    pub version: u16,
    /// When it was recorded; never decreases within a stream.
    pub recorded_at: Time,
    /// Who, from where, why.
    #[serde(flatten)]
    pub metadata: Metadata,
}

/// The envelope as its JSON lies: reading a flattened struct would copy every field first, and replays read millions.
#[derive(Deserialize)]
struct Stored {
    id: EventId,
    company: CompanyId,
    kind: StreamKind,
    key: StreamKey,
    revision: Revision,
    #[serde(rename = "type")]
    event_type: String,
    version: u16,
    recorded_at: Time,
    actor: Actor,
    #[serde(default)]
    origin: Option<Origin>,
    correlation: Uuid,
    #[serde(default)]
    causation: Option<EventId>,
    #[serde(default)]
    idempotency: Option<IdempotencyKey>,
}

impl From<Stored> for Envelope {
    fn from(stored: Stored) -> Self {
        let Stored { id, company, kind, key, revision, event_type, version, recorded_at, .. } = stored;
        let Stored { actor, origin, correlation, causation, idempotency, .. } = stored;
        let metadata = Metadata { actor, origin, correlation, causation, idempotency };
        Self { id, company, kind, key, revision, event_type, version, recorded_at, metadata }
    }
}

/// Who did it, from where, and because of what.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Metadata {
    /// Who.
    pub actor: Actor,
    /// From which front end, where there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub origin: Option<Origin>,
    /// One id for all that one request caused.
    pub correlation: Uuid,
    /// The event that caused this one, where one did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub causation: Option<EventId>,
    /// The caller's idempotency key, where one was given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub idempotency: Option<IdempotencyKey>,
}

/// Who did something.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "is")]
pub enum Actor {
    /// A person of the company, in a session or a pending sign-in.
    Member {
        /// Who.
        id: MemberId,
        /// Their roles at that moment, as far as they were looked up.
        #[serde(default, skip_serializing_if = "Roles::is_empty")]
        roles: Roles,
    },
    /// Somebody who holds a link or knows a password, before a session.
    Visitor,
    /// Whoever has the host: the operator's command.
    Operator,
    /// A part of the product.
    System {
        /// Which.
        part: String,
    },
}

impl Actor {
    /// A part of the product.
    #[must_use]
    pub fn system(part: &str) -> Self {
        Self::System { part: part.to_owned() }
    }
}

/// The front end that a request came from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Origin {
    /// Web or console, where it said so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client: Option<ClientKind>,
    /// The client's version, as it says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    /// The network address, sealed for the person who acts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<Sealed>,
}

/// What makes a repeated request the same request (S35).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct IdempotencyKey {
    /// The keyed hash of the key, bound to caller and route.
    pub key: Digest,
    /// The keyed hash of the request's body.
    pub body: Digest,
}

/// An event as the log holds it.
#[derive(Clone, Debug)]
pub struct RecordedEvent {
    /// The envelope, read.
    pub envelope: Envelope,
    /// The envelope's bytes as stored.
    pub envelope_bytes: Vec<u8>,
    /// The data's bytes as stored.
    pub data: Vec<u8>,
    /// The event's place in the log: the engine's, beside the envelope.
    pub position: Position,
}

impl RecordedEvent {
    /// The stream that it is in.
    #[must_use]
    pub fn stream(&self) -> StreamId {
        StreamId { company: self.envelope.company, kind: self.envelope.kind, key: self.envelope.key.clone() }
    }
}

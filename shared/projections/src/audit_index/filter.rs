//! Which events of a history somebody asks for.

use twostep_domain::{MemberId, StreamKind, Time};
use twostep_event_store::{Actor, Envelope};
use uuid::Uuid;

/// Which events of a history.
#[derive(Clone, Debug, Default)]
pub struct AuditFilter {
    /// Only of this type.
    pub event_type: Option<String>,
    /// Only of the streams of this person, or done by them.
    pub member: Option<MemberId>,
    /// Only of these streams; empty: of all.
    pub streams: Vec<Streams>,
    /// Only recorded then or later.
    pub from: Option<Time>,
    /// Only recorded before.
    pub until: Option<Time>,
}

impl AuditFilter {
    /// Whether the event under `envelope` is among them.
    #[must_use]
    pub fn has(&self, envelope: &Envelope) -> bool {
        let member = self.member.map(|member| member.0);
        self.event_type.as_ref().is_none_or(|wanted| *wanted == envelope.event_type)
            && (member.is_none() || [subject(envelope), actor(envelope)].contains(&member))
            && (self.streams.is_empty() || self.streams.iter().any(|streams| streams.have(envelope)))
            && self.from.is_none_or(|from| envelope.recorded_at >= from)
            && self.until.is_none_or(|until| envelope.recorded_at < until)
    }
}

/// Some of a company's streams.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Streams {
    /// Every one of this kind.
    All(StreamKind),
    /// The one of this kind about this.
    One(StreamKind, Uuid),
}

impl Streams {
    /// Whether the event under `envelope` stands in one of them.
    #[must_use]
    pub fn have(&self, envelope: &Envelope) -> bool {
        match *self {
            Self::All(kind) => envelope.kind == kind,
            Self::One(kind, key) => envelope.kind == kind && envelope.key.uuid() == Some(key),
        }
    }
}

/// The person whom an event is about: whose stream it is in.
pub(super) fn subject(envelope: &Envelope) -> Option<Uuid> {
    match envelope.kind {
        StreamKind::Member | StreamKind::SecondStep => envelope.key.uuid(),
        StreamKind::Company
        | StreamKind::Group
        | StreamKind::Login
        | StreamKind::Password
        | StreamKind::Delivery => None,
    }
}

/// The person who did it.
pub(super) fn actor(envelope: &Envelope) -> Option<Uuid> {
    match &envelope.metadata.actor {
        Actor::Member { id, .. } => Some(id.0),
        Actor::Visitor | Actor::Operator | Actor::System { .. } => None,
    }
}

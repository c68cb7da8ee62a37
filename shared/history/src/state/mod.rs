//! What something was at a moment: the directory folded up to there, and no further.

mod shapes;
#[cfg(test)]
mod tests;

use serde::Serialize;
use twostep_api::{AuditState, AuditSubject};
use twostep_domain::{CompanyId, DecodeError, GroupId, MemberId, StreamKind, Time};
use twostep_event_store::{Envelope, RecordedEvent};
use twostep_projections::{Directory, Projection as _, Streams};
use twostep_vault::{PersonalData, VaultError};
use uuid::Uuid;

use crate::mask::mask;
use crate::opened::Opened;

/// What is asked about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subject {
    /// The company itself.
    Company,
    /// One of its groups.
    Group(GroupId),
    /// One of its people.
    Member(MemberId),
}

impl Subject {
    /// The streams that say what it was: of a long history they are a small part.
    #[must_use]
    pub fn streams(self) -> Vec<Streams> {
        let mut streams = vec![Streams::All(StreamKind::Company), Streams::All(StreamKind::Group)];
        match self {
            // Their people are counted.
            Self::Company | Self::Group(_) => streams.push(Streams::All(StreamKind::Member)),
            Self::Member(MemberId(id)) => streams
                .extend([StreamKind::Member, StreamKind::SecondStep].map(|kind| Streams::One(kind, id))),
        }
        streams
    }
}

/// A state being put together: give it a company's events in their order, and ask it at the end.
pub struct StateAt {
    company: CompanyId,
    subject: Subject,
    at: Time,
    streams: Vec<Streams>,
    directory: Directory,
}

impl StateAt {
    /// The state of `subject` in `company` at `at`, before the first event.
    #[must_use]
    pub fn new(company: CompanyId, subject: Subject, at: Time) -> Self {
        Self { company, subject, at, streams: subject.streams(), directory: Directory::default() }
    }

    /// Takes `event` in where it belongs to the state: what was recorded later, and everything else, is passed over.
    ///
    /// # Errors
    /// An event that this program is too old for.
    pub fn take(&mut self, event: &RecordedEvent) -> Result<(), DecodeError> {
        if self.wants(&event.envelope) { self.directory.apply(event) } else { Ok(()) }
    }

    /// Whether what stands under `envelope` belongs to the state.
    fn wants(&self, envelope: &Envelope) -> bool {
        envelope.company == self.company
            && envelope.recorded_at <= self.at
            && self.streams.iter().any(|streams| streams.have(envelope))
    }

    /// What it was, masked like events; nothing where it wasn't there yet.
    #[must_use]
    pub fn shown(&self) -> Option<AuditState> {
        self.told(&mut |_| None)
    }

    /// The same with what is personal opened, as it is in events.
    ///
    /// # Errors
    /// The key store's.
    pub fn unmasked(&self, personal: &PersonalData) -> Result<Option<AuditState>, VaultError> {
        let people = match self.subject {
            Subject::Member(member) => vec![member],
            Subject::Company | Subject::Group(_) => Vec::new(),
        };
        let mut opened = Opened::of(personal, self.company, people);
        let state = self.told(&mut |sealed| opened.open(sealed));
        opened.or(state)
    }

    fn told(&self, open: &mut dyn FnMut(&str) -> Option<String>) -> Option<AuditState> {
        let view = self.directory.company(self.company)?;
        match self.subject {
            Subject::Company => {
                let shape = shapes::company(view)?;
                self.state(AuditSubject::Company, self.company.0, view.revision(), &shape, open)
            }
            Subject::Group(id) => {
                let (shape, revision) = shapes::group(view, id)?;
                self.state(AuditSubject::Group, id.0, revision, &shape, open)
            }
            Subject::Member(id) => {
                let shape = shapes::member(view, id)?;
                self.state(AuditSubject::Member, id.0, view.member(id)?.revision, &shape, open)
            }
        }
    }

    fn state(
        &self,
        kind: AuditSubject,
        id: Uuid,
        revision: u64,
        shape: &impl Serialize,
        open: &mut dyn FnMut(&str) -> Option<String>,
    ) -> Option<AuditState> {
        let mut state = serde_json::to_value(shape).ok()?;
        mask(&mut state, open);
        Some(AuditState { at: self.at, company: self.company.0, kind, id, revision, state })
    }
}

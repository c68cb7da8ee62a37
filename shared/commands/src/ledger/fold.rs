//! What a stream adds up to.

use twostep_clock::Time;
use twostep_domain::{Aggregate, DecodeError, Event as _};
use twostep_event_store::{RecordedEvent, Revision};

use super::answered::Answered;

/// The fold of one stream: the aggregate's state, how far it goes, and which requests it has answered.
pub struct Fold<A: Aggregate> {
    state: A::State,
    revision: Option<Revision>,
    recorded_at: Option<Time>,
    answered: Answered,
}

impl<A: Aggregate> Clone for Fold<A> {
    fn clone(&self) -> Self {
        Self {
            state: self.state.clone(),
            revision: self.revision,
            recorded_at: self.recorded_at,
            answered: self.answered.clone(),
        }
    }
}

impl<A: Aggregate> Default for Fold<A> {
    fn default() -> Self {
        Self { state: A::State::default(), revision: None, recorded_at: None, answered: Answered::default() }
    }
}

impl<A: Aggregate> Fold<A> {
    /// The aggregate's state.
    #[must_use]
    pub fn state(&self) -> &A::State {
        &self.state
    }

    /// The stream's last revision; none: it is empty.
    #[must_use]
    pub fn revision(&self) -> Option<Revision> {
        self.revision
    }

    /// When the stream's last event was recorded; none: it is empty.
    #[must_use]
    pub fn recorded_at(&self) -> Option<Time> {
        self.recorded_at
    }

    pub(super) fn answered(&self) -> &Answered {
        &self.answered
    }

    pub(super) fn take_in(&mut self, recorded: &RecordedEvent) -> Result<(), DecodeError> {
        let envelope = &recorded.envelope;
        let event = A::Event::decode(&envelope.event_type, envelope.version, &recorded.data)?;
        self.state = A::evolve(std::mem::take(&mut self.state), &event);
        self.revision = Some(envelope.revision);
        self.recorded_at = Some(envelope.recorded_at);
        self.answered.take_in(envelope);
        Ok(())
    }
}

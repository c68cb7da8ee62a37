//! What a stream adds up to.

use serde::{Deserialize, Serialize};
use twostep_clock::Time;
use twostep_domain::{Aggregate, DecodeError, Event as _, EventId};
use twostep_event_store::{Envelope, RecordedEvent, Revision};

use super::answered::Answered;

/// How many events a stream grows by before its fold is kept on disk again: folding so many takes about a millisecond.
const SNAPSHOT_EVERY: u32 = 500;

/// The fold of one stream: the aggregate's state, how far it goes, and which requests it has answered.
#[derive(Serialize, Deserialize)]
#[serde(bound = "")]
pub struct Fold<A: Aggregate> {
    state: A::State,
    last: Option<Last>,
    answered: Answered,
    /// Events taken in since the last snapshot.
    #[serde(skip)]
    grown: u32,
}

/// The event that a fold ends with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Last {
    pub(super) id: EventId,
    pub(super) revision: Revision,
    recorded_at: Time,
}

impl<A: Aggregate> Clone for Fold<A> {
    fn clone(&self) -> Self {
        Self {
            state: self.state.clone(),
            last: self.last,
            answered: self.answered.clone(),
            grown: self.grown,
        }
    }
}

impl<A: Aggregate> Default for Fold<A> {
    fn default() -> Self {
        Self { state: A::State::default(), last: None, answered: Answered::default(), grown: 0 }
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
        self.last.map(|last| last.revision)
    }

    /// When the stream's last event was recorded; none: it is empty.
    #[must_use]
    pub fn recorded_at(&self) -> Option<Time> {
        self.last.map(|last| last.recorded_at)
    }

    pub(super) fn last(&self) -> Option<Last> {
        self.last
    }

    /// Whether it has grown so much that the next reader should find it on disk; asking says that it will be.
    pub(super) fn due_for_snapshot(&mut self) -> bool {
        let due = self.grown >= SNAPSHOT_EVERY;
        if due {
            self.grown = 0;
        }
        due
    }

    pub(super) fn answered(&self) -> &Answered {
        &self.answered
    }

    pub(super) fn take_in(&mut self, recorded: &RecordedEvent) -> Result<(), DecodeError> {
        let envelope = &recorded.envelope;
        let event = A::Event::decode(&envelope.event_type, envelope.version, &recorded.data)?;
        self.state = A::evolve(std::mem::take(&mut self.state), &event);
        let Envelope { id, revision, recorded_at, .. } = *envelope;
        self.last = Some(Last { id, revision, recorded_at });
        self.answered.take_in(envelope);
        self.grown += 1;
        Ok(())
    }
}

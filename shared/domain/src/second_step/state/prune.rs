//! Dropping what has ended, so that the state stays small whatever the history.

use super::SecondStepState;
use crate::Time;
use crate::second_step::{Purpose, SetUpOwner};

impl SecondStepState {
    /// Drops what has ended by `now`, the time of an event, and nothing else: an event decided a moment before the one
    /// that it comes after leaves alone what began in between.
    pub(super) fn prune(&mut self, now: Time) {
        self.pending.retain(|pending| now < pending.expires_at);
        self.set_ups.retain(|set_up| now < set_up.expires_at);
        self.sessions.retain(|session| !session.is_over(now));
        self.sends.prune(now);
        self.changes.prune(now);
        self.drop_orphans();
    }

    /// Drops step-ups without their session, and set-ups without their owner.
    pub(super) fn drop_orphans(&mut self) {
        let Self { pending, sessions, set_ups, .. } = self;
        pending.retain(|pending| match pending.purpose {
            Purpose::SignIn => true,
            Purpose::StepUp(id) => sessions.iter().any(|session| session.id == id),
        });
        set_ups.retain(|set_up| match set_up.owner {
            SetUpOwner::SignIn(id) => pending.iter().any(|pending| pending.id == id),
            SetUpOwner::Session(id) => sessions.iter().any(|session| session.id == id),
        });
    }
}

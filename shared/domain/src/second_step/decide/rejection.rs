//! What a wrong code causes.

use super::owner::told;
use super::{Event, State};
use crate::delivery::MessageKind;
use crate::second_step::{CodeRejected, During, SecondStepLocked, Typed, life};
use crate::{BackupKind, ChallengeId, Time};

/// A wrong guess.
pub(super) struct Wrong {
    pub(super) during: During,
    pub(super) method: BackupKind,
    pub(super) challenge: Option<ChallengeId>,
    pub(super) typed: Typed,
}

/// Counts it; tells the owner at the 5th and locks at the 20th (S11).
pub(super) fn rejected(state: &State, wrong: Wrong, now: Time) -> Vec<Event> {
    let Wrong { during, method, challenge, typed } = wrong;
    let failures = state.failures().count().saturating_add(1);
    let mut events = vec![CodeRejected { during, method, challenge, failures, typed, at: now }.into()];
    if failures == life::TELL_AT {
        events.push(told(MessageKind::FiveFailures));
    }
    if failures >= life::LOCK_AT {
        events.push(SecondStepLocked { failures }.into());
        events.push(told(MessageKind::Locked));
    }
    events
}

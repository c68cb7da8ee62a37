//! What a wrong code causes.

use super::owner::told;
use super::{Event, State};
use crate::delivery::MessageKind;
use crate::second_step::{
    CodeRejected, During, EndReason, Purpose, SecondStepLocked, SessionEnded, Typed, life,
};
use crate::{BackupKind, ChallengeId, SessionId, Time};

/// A wrong guess.
pub(super) struct Wrong {
    pub(super) during: During,
    pub(super) method: BackupKind,
    pub(super) challenge: Option<ChallengeId>,
    pub(super) typed: Typed,
}

/// Counts it; tells the owner at the 5th and locks at the 20th (S11), which ends the session that guessed in its step-up
/// (S16): it may be a stolen one. The person's others go on.
pub(super) fn rejected(state: &State, wrong: Wrong, now: Time) -> Vec<Event> {
    let Wrong { during, method, challenge, typed } = wrong;
    let failures = state.failures().count().saturating_add(1);
    let mut events = vec![CodeRejected { during, method, challenge, failures, typed, at: now }.into()];
    if failures == life::TELL_AT {
        events.push(told(MessageKind::FiveFailures));
    }
    if failures >= life::LOCK_AT {
        events.push(SecondStepLocked { failures }.into());
        let guessing = guessing_session(state, during, now);
        events.extend(guessing.map(|session| SessionEnded { session, because: EndReason::Locked }.into()));
        events.push(told(MessageKind::Locked));
    }
    events
}

fn guessing_session(state: &State, during: During, now: Time) -> Option<SessionId> {
    let During::SignIn(sign_in) = during else { return None };
    match state.pending(sign_in, now)?.purpose {
        Purpose::StepUp(session) => Some(session),
        Purpose::SignIn => None,
    }
}

//! Turning off, resetting, unlocking.

use super::owner::{told, told_also};
use super::session::may_change;
use super::{Error, Event, State};
use crate::delivery::MessageKind;
use crate::second_step::{
    ForceReset, MfaResetForced, MfaTurnedOff, RequestResets, ResetsRequested, SecondStepUnlocked, TurnOff,
    Unlock,
};

/// Only the owner, only with a fresh proof, and only where neither the policy covers them nor their password is too
/// short to stand alone (S32).
pub(super) fn turn_off(state: &State, c: TurnOff) -> Result<Vec<Event>, Error> {
    state.session(c.session, c.now).ok_or(Error::SessionOver)?;
    if c.requirement.covers() {
        return Err(Error::Covered);
    }
    state.counting(&c.requirement).ok_or(Error::NothingSetUp)?;
    may_change(state, c.session, &c.requirement, c.now)?;
    if !c.requirement.long_password {
        return Err(Error::ShortPassword);
    }
    let turned_off = MfaTurnedOff { session: c.session }.into();
    Ok(std::iter::once(turned_off)
        .chain(told_also(MessageKind::TwoStepTurnedOff, state.contacts()))
        .collect())
}

/// Ends methods, set-ups, sign-ins and sessions, however often it is asked for.
pub(super) fn force(state: &State, c: ForceReset) -> Vec<Event> {
    let reset = MfaResetForced { reason: c.reason }.into();
    std::iter::once(reset).chain(told_also(MessageKind::ResetByAdmin, state.contacts())).collect()
}

/// What somebody asks of others is decided with each of them; here it is kept that it was asked.
pub(super) fn request(c: RequestResets) -> Vec<Event> {
    vec![ResetsRequested { members: c.members }.into()]
}

/// Opens the lock, or clears a count that delays; with neither there is nothing to do.
pub(super) fn unlock(state: &State, c: Unlock) -> Vec<Event> {
    if state.failures().count() == 0 {
        return Vec::new();
    }
    vec![SecondStepUnlocked { by: c.by }.into(), told(MessageKind::Unlocked)]
}

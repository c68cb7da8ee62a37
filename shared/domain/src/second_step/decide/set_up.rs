//! Starting a set-up, and its app.

use chrono::TimeDelta;

use super::owner::{may_tell, told};
use super::rejection::{Wrong, rejected};
use super::session::may_change;
use super::{Error, Event, State};
use crate::delivery::MessageKind;
use crate::second_step::{
    AppStep, AuthenticatorPaired, AuthenticatorPairingStarted, ConfirmAuthenticator, During, Enrolment,
    PairAuthenticator, SetUp, SetUpOwner, SetUpStarted, Stage, StartSetUp, Typed, life,
};
use crate::{BackupKind, Time};

/// Starts a set-up; an earlier one of the same owner is over (S2), and the owner is told (S34).
pub(super) fn start(state: &State, c: StartSetUp) -> Result<Vec<Event>, Error> {
    let latest_end = may_start(state, &c)?;
    may_tell(state, c.now)?;
    let edits = state.counting(&c.requirement);
    let (primary, backups) = (c.requirement.primary, c.requirement.allowed_backups());
    let held = edits.map(|enrolment| enrolment.methods.held()).unwrap_or_default();
    let named = |kind: &BackupKind| *kind == primary.into() || backups.contains(kind);
    if let Some(kind) = c.keeps.iter().copied().find(|kind| !held.contains(kind) || !named(kind)) {
        return Err(Error::CannotKeep { kind });
    }
    let started = SetUpStarted {
        set_up: c.set_up,
        owner: c.owner,
        epoch: c.requirement.required_epoch,
        primary,
        backups,
        keeps: c.keeps,
        expires_at: life::later(c.now, lives(edits)).min(latest_end),
        edits: edits.map(|enrolment| enrolment.set_up),
        company: c.requirement.judgement.company,
        work_address_first: c.requirement.work_address_first.filter(|_| edits.is_none()),
        at: c.now,
    };
    Ok(vec![started.into(), told(MessageKind::SetUpStarted)])
}

/// An edit lives as short as honest people need, because what was stolen may be the session or sign-in (S18).
fn lives(edits: Option<&Enrolment>) -> TimeDelta {
    if edits.is_some() { life::EDIT } else { life::SET_UP }
}

/// Who may start, and when the set-up ends at the latest: with its session, or an hour after its sign-in could have
/// begun it, so that starting again and again keeps no sign-in alive. A sign-in that proved an old method changes what is
/// set up while that proof is fresh; it has no way to prove it again, so the set-up may outlast the proof (S18).
fn may_start(state: &State, c: &StartSetUp) -> Result<Time, Error> {
    match c.owner {
        SetUpOwner::SignIn(id) => {
            let pending = state.pending(id, c.now).ok_or(Error::SignInOver)?;
            let Stage::SetUp { proof } = &pending.stage else { return Err(Error::NotAtThisStep) };
            if state.counting(&c.requirement).is_some() {
                // What was set up may count again, say after an undone reset: the password alone doesn't change it.
                let fresh = proof.is_some()
                    && pending.proven_at.is_some_and(|at| life::within(at, life::PROOF, c.now));
                return if fresh { Ok(Time::MAX_UTC) } else { Err(Error::StepUpRequired) };
            }
            Ok(life::later(life::later(pending.started_at, life::PENDING), life::SET_UP))
        }
        SetUpOwner::Session(id) => {
            let session = state.session(id, c.now).ok_or(Error::SessionOver)?;
            if state.counting(&c.requirement).is_some() {
                may_change(state, id, &c.requirement, c.now)?;
            }
            Ok(session.expires_at)
        }
    }
}

/// Shows a new seed; the one before is dead (S2).
pub(super) fn pair(state: &State, c: PairAuthenticator) -> Result<Vec<Event>, Error> {
    let set_up = open_to_all(state, c.owner, c.now)?;
    if !set_up.allows(BackupKind::App) {
        return Err(Error::MethodNotAllowed);
    }
    Ok(vec![
        AuthenticatorPairingStarted {
            set_up: set_up.id,
            pairing: c.pairing,
            seed: c.seed,
            expires_at: life::later(c.now, life::PAIRING).min(set_up.expires_at),
            at: c.now,
        }
        .into(),
    ])
}

/// The app's first code.
pub(super) fn confirm(state: &State, c: ConfirmAuthenticator) -> Result<Vec<Event>, Error> {
    let set_up = open_to_all(state, c.owner, c.now)?;
    if let Some(AppStep::Paired(app)) = &set_up.app
        && app.pairing == c.pairing
    {
        return Ok(Vec::new());
    }
    match set_up.unconfirmed_pairing(c.now) {
        Some((pairing, _)) if pairing == c.pairing => {}
        Some(_) | None => return Err(Error::PairingOver),
    }
    state.failures().admit(c.now)?;
    let Some(step) = c.matched else {
        let during = During::SetUp(set_up.id);
        let wrong = Wrong { during, method: BackupKind::App, challenge: None, typed: Typed::Code };
        return Ok(rejected(state, wrong, c.now));
    };
    Ok(vec![AuthenticatorPaired { set_up: set_up.id, pairing: c.pairing, step, at: c.now }.into()])
}

/// The owner's live set-up.
pub(super) fn under_way(state: &State, owner: SetUpOwner, now: Time) -> Result<&SetUp, Error> {
    state.set_up(owner, now).ok_or(Error::SetUpOver)
}

/// The owner's live set-up, once it waits no longer for the work address (S34).
pub(super) fn open_to_all(state: &State, owner: SetUpOwner, now: Time) -> Result<&SetUp, Error> {
    let set_up = under_way(state, owner, now)?;
    if set_up.due_work_address().is_some() { Err(Error::WorkAddressFirst) } else { Ok(set_up) }
}

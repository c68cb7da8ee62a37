//! *Activate*.

use std::collections::BTreeSet;

use super::owner::{contacts_gone, told_also};
use super::session::{Opening, may_change, signed_in};
use super::set_up::open_to_all;
use super::{Error, Event, State};
use crate::BackupKind;
use crate::delivery::MessageKind;
use crate::second_step::{
    Activate, EndReason, MethodRemoved, Methods, MfaActivated, PendingSignIn, Proof, RecoveryCodesIssued,
    Requirement, SessionEnded, SetUp, SetUpOwner, Stage, WorkAddress,
};

/// Puts the set-up's methods in force; every other session ends, and a pending sign-in becomes a session.
pub(super) fn activate(state: &State, c: Activate) -> Result<Vec<Event>, Error> {
    let set_up = open_to_all(state, c.owner, c.now)?;
    if state.is_locked() {
        return Err(Error::Locked);
    }
    still_fits(state, set_up, &c.requirement)?;
    let backup = backup(state, set_up, &c.requirement)?;
    // The proof that let an edit begin may be older than the mail that it waited for; what changes methods is this (S18).
    if let (SetUpOwner::Session(session), Some(_)) = (c.owner, set_up.edits) {
        may_change(state, session, &c.requirement, c.now)?;
    }

    let mut events = Vec::new();
    let after = state.methods_after(set_up, backup);
    if !after.held().contains(&BackupKind::Printed) && !c.recovery_codes.is_empty() {
        let (set_up, codes) = (Some(set_up.id), c.recovery_codes);
        events.push(RecoveryCodesIssued { set_up, codes, as_backup: false, at: c.now }.into());
    }
    if set_up.edits.is_some() {
        events.extend(removed(state, &after).map(|method| MethodRemoved { method }.into()));
    }
    events.push(
        MfaActivated {
            set_up: set_up.id,
            epoch: set_up.epoch,
            primary: c.requirement.primary,
            backup,
            company: set_up.company,
            at: c.now,
        }
        .into(),
    );
    let others = state.sessions(c.now).filter(|session| SetUpOwner::Session(session.id) != c.owner);
    events
        .extend(others.map(|other| SessionEnded { session: other.id, because: EndReason::Activated }.into()));
    if let SetUpOwner::SignIn(sign_in) = c.owner {
        let pending = state.pending(sign_in, c.now).ok_or(Error::SignInOver)?;
        events.push(
            signed_in(Opening {
                sign_in,
                session: c.session,
                proof: set_up.proof(proof_before(pending)),
                password: pending.password,
                client: pending.client.clone(),
                judgement: c.requirement.judgement.clone(),
                now: c.now,
            })
            .into(),
        );
    }
    let kind = match set_up.edits {
        None => MessageKind::TwoStepActivated,
        Some(_) => MessageKind::MethodChanged,
    };
    events.extend(told_also(kind, contacts_gone(state, &after)));
    Ok(events)
}

/// What an edit doesn't keep and didn't prove anew.
fn removed(state: &State, after: &Methods) -> impl Iterator<Item = BackupKind> + use<> {
    let before = state.enrolment().map(|enrolment| enrolment.methods.held()).unwrap_or_default();
    let after = after.held();
    before.into_iter().filter(move |kind| !after.contains(kind))
}

/// A reset, a turn-off or another activation since the start makes the set-up worthless.
fn still_fits(state: &State, set_up: &SetUp, requirement: &Requirement) -> Result<(), Error> {
    let reset = set_up.epoch < requirement.required_epoch;
    let turned_off =
        !requirement.covers() && requirement.turned_off.is_some_and(|revision| set_up.company < revision);
    let edits = state.counting(requirement).map(|enrolment| enrolment.set_up);
    // The company asks for the work address since.
    let unasked = set_up.edits.is_none()
        && requirement.work_address_first.is_some()
        && set_up.work_address == WorkAddress::NotAsked;
    if reset || turned_off || unasked || edits != set_up.edits { Err(Error::SetUpOutdated) } else { Ok(()) }
}

/// The backup that completes the set-up: one proven here rather than one that was kept.
fn backup(state: &State, set_up: &SetUp, requirement: &Requirement) -> Result<BackupKind, Error> {
    // Printed codes that were kept may have been used up meanwhile.
    let held = state.methods_after(set_up, BackupKind::Printed).held();
    let complete: BTreeSet<BackupKind> = set_up.complete().intersection(&held).copied().collect();
    let allowed = requirement.allowed_backups();
    // A method that the set-up couldn't know of can't be added to it.
    let missing = |error| if set_up.primary == requirement.primary { error } else { Error::SetUpOutdated };
    if !complete.contains(&requirement.primary.into()) {
        return Err(missing(Error::MissingPrimary { method: requirement.primary }));
    }
    let proven = set_up.proven();
    let fresh = allowed.intersection(&proven).next();
    match fresh.or_else(|| allowed.intersection(&complete).next()) {
        Some(backup) => Ok(*backup),
        None => Err(missing(Error::MissingBackup { allowed })),
    }
}

fn proof_before(pending: &PendingSignIn) -> Proof {
    match &pending.stage {
        Stage::SetUp { proof: Some(proof) } => proof.clone(),
        _ => Proof::password(),
    }
}

//! A code was typed into the verification dialog.

use chrono::{DateTime, TimeDelta};

use super::owner::told;
use super::rejection::{Wrong, rejected};
use super::session::{Opening, open};
use super::sign_in::{Judging, judge};
use super::{Error, Event, State};
use crate::delivery::MessageKind;
use crate::second_step::state::Answer;
use crate::second_step::{
    Attempt, CodeAccepted, During, Enrolment, PendingSignIn, Proof, Purpose, RecoveryCodeAccepted,
    SecondStepUnlocked, SetUpRequired, Stage, SteppedUp, Typed, Unlocker, Verify, life,
};
use crate::{BackupKind, ChallengeId, Digest, Method, Time, TotpStep};

/// Judges the code: the newer requirement decides, then the limits, and only then what was typed.
pub(super) fn verify(state: &State, c: Verify) -> Result<Vec<Event>, Error> {
    let pending = state.pending(c.sign_in, c.now).ok_or(Error::SignInOver)?;
    if !matches!(pending.stage, Stage::Verify { .. }) {
        return Err(Error::NotAtThisStep);
    }
    let Some(enrolment) = state.counting(&c.requirement) else {
        return no_longer_counts(state, pending, c);
    };
    let kind = c.attempt.kind();
    if !enrolment.offered(&c.requirement, &pending.client, pending.excluded.as_ref()).contains(&kind) {
        return Err(Error::MethodNotOffered);
    }
    let found = match (&c.attempt, state.is_locked()) {
        // A printed code opens the lock; whatever else is typed is refused unread.
        (Attempt::Printed { matched: Some(code) }, true) if state.printed_codes().contains(code) => {
            Found::Right(recovered(state, &c, code))
        }
        _ => {
            state.failures().admit(c.now)?;
            look_at(state, enrolment, &c)?
        }
    };
    match found {
        Found::Wrong(challenge) => {
            let during = During::SignIn(c.sign_in);
            Ok(rejected(state, Wrong { during, method: kind, challenge, typed: Typed::Code }, c.now))
        }
        Found::Right(accepted) => {
            let consequence = succeeded(state, pending, kind, c);
            Ok(accepted.into_iter().chain(consequence).collect())
        }
    }
}

impl Attempt {
    /// What it was tried as.
    #[must_use]
    pub fn kind(&self) -> BackupKind {
        match self {
            Self::App { .. } => BackupKind::App,
            Self::Sent { method, .. } => (*method).into(),
            Self::Printed { .. } => BackupKind::Printed,
        }
    }
}

enum Found {
    Right(Vec<Event>),
    Wrong(Option<ChallengeId>),
}

fn look_at(state: &State, enrolment: &Enrolment, c: &Verify) -> Result<Found, Error> {
    let during = During::SignIn(c.sign_in);
    match &c.attempt {
        Attempt::App { matched: None } | Attempt::Printed { matched: None } => Ok(Found::Wrong(None)),
        Attempt::App { matched: Some(step) } => {
            let Some(app) = &enrolment.methods.app else { return Err(Error::MethodNotOffered) };
            if *step <= app.last_step {
                return Err(Error::CodeAlreadyUsed { next_at: next_code(app.last_step, c.now) });
            }
            let (method, step) = (Method::App, Some(*step));
            Ok(Found::Right(vec![CodeAccepted { during, method, challenge: None, step, at: c.now }.into()]))
        }
        Attempt::Sent { method, challenge, matches } => {
            let Some(latest) = state.latest_challenge(during, *method) else { return Ok(Found::Wrong(None)) };
            let asked = Some(latest.dispatch.challenge);
            match latest.answer(*challenge, *matches, c.now) {
                Answer::Right => Ok(Found::Right(vec![
                    CodeAccepted { during, method: *method, challenge: asked, step: None, at: c.now }.into(),
                ])),
                Answer::Expired => Err(Error::CodeExpired),
                Answer::Wrong => Ok(Found::Wrong(asked)),
            }
        }
        Attempt::Printed { matched: Some(code) } if state.printed_codes().contains(code) => {
            Ok(Found::Right(recovered(state, c, code)))
        }
        Attempt::Printed { matched: Some(_) } => Ok(Found::Wrong(None)),
    }
}

/// When the app shows a code after `used`: never in the past, so that a late code doesn't make people wait.
fn next_code(used: TotpStep, now: Time) -> Time {
    let second = used.0.saturating_add(1).saturating_mul(TotpStep::SECONDS);
    let start = i64::try_from(second).ok().and_then(|second| DateTime::from_timestamp(second, 0));
    start.unwrap_or_else(|| life::later(now, TimeDelta::seconds(30))).max(now)
}

fn recovered(state: &State, c: &Verify, code: &Digest) -> Vec<Event> {
    let left = state.printed_codes().len().saturating_sub(1);
    let accepted = RecoveryCodeAccepted {
        during: During::SignIn(c.sign_in),
        code: code.clone(),
        remaining: u8::try_from(left).unwrap_or(u8::MAX),
        at: c.now,
    };
    let unlocked = state.is_locked().then(|| SecondStepUnlocked { by: Unlocker::RecoveryCode }.into());
    unlocked.into_iter().chain([accepted.into(), told(MessageKind::RecoveryCodeUsed)]).collect()
}

fn succeeded(state: &State, pending: &PendingSignIn, kind: BackupKind, c: Verify) -> Vec<Event> {
    let proof = Proof::password().and(kind);
    let (sign_in, judgement) = (c.sign_in, c.requirement.judgement.clone());
    match pending.purpose {
        Purpose::StepUp(session) => {
            vec![SteppedUp { sign_in, session, amr: proof.amr, aal: proof.aal, at: c.now }.into()]
        }
        Purpose::SignIn if state.lacks_primary(&c.requirement) => {
            vec![SetUpRequired { sign_in, judgement }.into()]
        }
        Purpose::SignIn => {
            let client = pending.client.clone();
            let (session, password, now) = (c.session, pending.password, c.now);
            open(state, Opening { sign_in, session, proof, password, client, judgement, now })
        }
    }
}

/// The policy or a reset ended the enrolment while the dialog was open: the code isn't looked at.
fn no_longer_counts(state: &State, pending: &PendingSignIn, c: Verify) -> Result<Vec<Event>, Error> {
    match pending.purpose {
        Purpose::StepUp(_) => Err(Error::NothingSetUp),
        Purpose::SignIn => judge(
            state,
            Judging {
                sign_in: c.sign_in,
                client: &pending.client,
                excluded: pending.excluded.as_ref(),
                password: pending.password,
                requirement: &c.requirement,
                session: c.session,
                now: c.now,
            },
        ),
    }
}

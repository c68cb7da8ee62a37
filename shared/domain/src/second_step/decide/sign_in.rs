//! The password was right: what comes next.

use std::collections::BTreeSet;

use super::session::{Opening, open};
use super::{Error, Event, State};
use crate::second_step::{
    ChallengeIssued, Enrolment, NewSession, Proof, Purpose, Requirement, SecondStepNotRequired,
    SetUpRequired, SignInStarted, StartSignIn, life,
};
use crate::{BackupKind, Client, Digest, Method, SignInId, Time};

/// Starts a sign-in or a step-up, and judges it. A lock changes nothing here: only verification is refused.
pub(super) fn start(state: &State, c: StartSignIn) -> Result<Vec<Event>, Error> {
    let excluded = state.reset_by().cloned().or(c.excluded);
    let started = SignInStarted {
        sign_in: c.sign_in,
        purpose: c.purpose,
        token: c.token,
        client: c.client.clone(),
        excluded: excluded.clone(),
        password: c.password,
        expires_at: life::later(c.now, life::PENDING),
        at: c.now,
    };
    let judging = Judging {
        sign_in: c.sign_in,
        client: &c.client,
        excluded: excluded.as_ref(),
        password: c.password,
        requirement: &c.requirement,
        session: c.session,
        now: c.now,
    };
    let judged = match c.purpose {
        Purpose::SignIn => judge(state, judging)?,
        Purpose::StepUp(session) => {
            state.session(session, c.now).ok_or(Error::SessionOver)?;
            let enrolment = state.counting(&c.requirement).ok_or(Error::NothingSetUp)?;
            vec![challenge(enrolment, &judging)?]
        }
    };
    Ok(std::iter::once(started.into()).chain(judged).collect())
}

/// What a sign-in is judged by.
pub(super) struct Judging<'a> {
    pub(super) sign_in: SignInId,
    pub(super) client: &'a Client,
    pub(super) excluded: Option<&'a Digest>,
    pub(super) password: u64,
    pub(super) requirement: &'a Requirement,
    pub(super) session: NewSession,
    pub(super) now: Time,
}

/// An enrolment that counts is asked for whether the policy covers the person or not: policy only adds.
pub(super) fn judge(state: &State, judging: Judging<'_>) -> Result<Vec<Event>, Error> {
    let (sign_in, judgement) = (judging.sign_in, judging.requirement.judgement.clone());
    if let Some(enrolment) = state.counting(judging.requirement) {
        return Ok(vec![challenge(enrolment, &judging)?]);
    }
    if judging.requirement.covers() {
        return Ok(vec![SetUpRequired { sign_in, judgement }.into()]);
    }
    if !judging.requirement.long_password {
        return Err(Error::ShortPassword);
    }
    let opening = Opening {
        sign_in,
        session: judging.session,
        proof: Proof::password(),
        password: judging.password,
        client: judging.client.clone(),
        judgement: judgement.clone(),
        now: judging.now,
    };
    let not_required = SecondStepNotRequired { sign_in, judgement }.into();
    Ok(std::iter::once(not_required).chain(open(state, opening)).collect())
}

fn challenge(enrolment: &Enrolment, judging: &Judging<'_>) -> Result<Event, Error> {
    let offered = enrolment.offered(judging.requirement, judging.client, judging.excluded);
    if offered.is_empty() {
        return Err(nothing_offered(enrolment, judging));
    }
    let judgement = judging.requirement.judgement.clone();
    Ok(ChallengeIssued { sign_in: judging.sign_in, offered, judgement }.into())
}

/// Never a reason to skip: the mailbox that reset the password was the only way, or texts are that nobody sends, or the
/// client shows too little.
fn nothing_offered(enrolment: &Enrolment, judging: &Judging<'_>) -> Error {
    if !enrolment.offered(judging.requirement, judging.client, None).is_empty() {
        return Error::OnlyResetMailbox;
    }
    let has: BTreeSet<Method> = enrolment.methods.held().into_iter().filter_map(BackupKind::method).collect();
    if !has.iter().any(|method| judging.requirement.reaches(*method)) {
        return Error::OnlyTexts;
    }
    Error::ClientCannotVerify { has }
}

//! Sessions: opening, using, ending, and the change of a password.

use super::{Error, Event, State};
use crate::second_step::{
    AuthorisePasswordChange, EndReason, EndSession, Judgement, NewSession, PasswordChangeAuthorised, Proof,
    Requirement, SessionEnded, SessionSeen, SessionStanding, SignedIn, TouchSession, life,
};
use crate::{Client, SessionId, SignInId, Time};

/// A session that is about to begin.
pub(super) struct Opening {
    pub(super) sign_in: SignInId,
    pub(super) session: NewSession,
    pub(super) proof: Proof,
    pub(super) password: u64,
    pub(super) client: Client,
    pub(super) judgement: Judgement,
    pub(super) now: Time,
}

/// Opens a session; where too many live, the oldest ends.
pub(super) fn open(state: &State, opening: Opening) -> Vec<Event> {
    let live: Vec<SessionId> = state.sessions(opening.now).map(|session| session.id).collect();
    let excess = (live.len() + 1).saturating_sub(life::MAX_SESSIONS);
    let ended = live
        .into_iter()
        .take(excess)
        .map(|session| SessionEnded { session, because: EndReason::TooMany }.into());
    let signed_in = signed_in(opening).into();
    ended.chain([signed_in]).collect()
}

/// The event that opens a session.
pub(super) fn signed_in(opening: Opening) -> SignedIn {
    SignedIn {
        sign_in: opening.sign_in,
        session: opening.session.id,
        token: opening.session.token,
        amr: opening.proof.amr,
        aal: opening.proof.aal,
        password: opening.password,
        client: opening.client,
        judgement: opening.judgement,
        expires_at: life::later(opening.now, life::SESSION),
        at: opening.now,
    }
}

/// At most one event in 10 min.
pub(super) fn touch(state: &State, c: TouchSession) -> Result<Vec<Event>, Error> {
    let session = state.session(c.session, c.now).ok_or(Error::SessionOver)?;
    if life::within(session.seen_at, life::SEEN_EVERY, c.now) {
        return Ok(Vec::new());
    }
    Ok(vec![SessionSeen { session: c.session, at: c.now }.into()])
}

/// Ending what is over is no error.
pub(super) fn end(state: &State, c: &EndSession) -> Vec<Event> {
    if !state.has_session(c.session, c.now) {
        return Vec::new();
    }
    vec![SessionEnded { session: c.session, because: c.because }.into()]
}

/// A reset link needs no proof: it ends everything and touches no method (S18).
pub(super) fn authorise_password_change(
    state: &State,
    c: AuthorisePasswordChange,
) -> Result<Vec<Event>, Error> {
    if let Some(session) = c.session {
        may_change(state, session, &c.requirement, c.now)?;
    }
    // The member's stream tells the owner, once the password is another one.
    Ok(vec![PasswordChangeAuthorised { session: c.session, reset_by: c.reset_by, at: c.now }.into()])
}

/// What is set up must have been proven within 5 min; what must be set up comes first (S18).
pub(super) fn may_change(
    state: &State,
    session: SessionId,
    requirement: &Requirement,
    now: Time,
) -> Result<(), Error> {
    let live = state.session(session, now).ok_or(Error::SessionOver)?;
    if state.counting(requirement).is_some() {
        return if live.is_fresh(now) { Ok(()) } else { Err(Error::StepUpRequired) };
    }
    match state.judge_session(session, requirement, now)? {
        SessionStanding::Full => Ok(()),
        SessionStanding::SecondStepRequired => Err(Error::SetUpNeeded),
    }
}

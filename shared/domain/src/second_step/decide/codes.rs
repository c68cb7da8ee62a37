//! *Send* and *Resend* in the verification dialog.

use chrono::TimeDelta;

use super::{Error, Event, State};
use crate::second_step::{CodeRequested, CodeResent, Dispatch, During, RequestCode, Stage, life};
use crate::{ChallengeId, Digest, KeyPeriod, Method, Sealed, Time};

/// Sends the code that is still valid, or a new one.
pub(super) fn request(state: &State, c: RequestCode) -> Result<Vec<Event>, Error> {
    let pending = state.pending(c.sign_in, c.now).ok_or(Error::SignInOver)?;
    if !matches!(pending.stage, Stage::Verify { .. }) {
        return Err(Error::NotAtThisStep);
    }
    let enrolment = state.counting(&c.requirement).ok_or(Error::MethodNotOffered)?;
    let offered = enrolment.offered(&c.requirement, &pending.client, pending.excluded.as_ref());
    let contact = enrolment.methods.contact(c.method).ok_or(Error::MethodNotOffered)?;
    if !offered.contains(&c.method.into()) {
        return Err(Error::MethodNotOffered);
    }
    // Nobody can use the code while the lock is closed.
    if state.is_locked() {
        return Err(Error::Locked);
    }
    may_send(state, &contact.hash, c.now)?;
    let during = During::SignIn(c.sign_in);
    let latest = state.latest_challenge(during, c.method);
    Ok(vec![match latest.filter(|latest| latest.is_resendable(&contact.hash, c.now)) {
        Some(live) => CodeResent { during, dispatch: live.dispatch.clone(), link: None, at: c.now }.into(),
        None => {
            let code = NewCode {
                challenge: c.challenge,
                method: c.method,
                key: c.key,
                life_seconds: c.life_seconds,
            };
            let dispatch = code.to(contact.destination.clone(), contact.hash.clone(), c.now);
            CodeRequested { during, dispatch, at: c.now }.into()
        }
    }])
}

/// Refuses a message that is one too many (S14).
pub(super) fn may_send(state: &State, to: &Digest, now: Time) -> Result<(), Error> {
    state.next_send_at(to, now).map_or(Ok(()), |next_at| Err(Error::SendLimit { next_at }))
}

/// A new code without its destination.
pub(super) struct NewCode {
    pub(super) challenge: ChallengeId,
    pub(super) method: Method,
    pub(super) key: KeyPeriod,
    pub(super) life_seconds: u16,
}

impl NewCode {
    /// On its way; its life counts from now and stays within its bounds (S4).
    pub(super) fn to(self, destination: Sealed, destination_hash: Digest, now: Time) -> Dispatch {
        let (least, most) = life::CODE_SECONDS;
        let seconds = i64::from(self.life_seconds.clamp(least, most));
        Dispatch {
            challenge: self.challenge,
            method: self.method,
            destination,
            destination_hash,
            key: self.key,
            expires_at: life::later(now, TimeDelta::seconds(seconds)),
        }
    }
}

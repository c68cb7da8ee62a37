//! Addresses and numbers in a set-up.

use super::codes::{NewCode, may_send};
use super::rejection::{Wrong, rejected};
use super::set_up::under_way;
use super::{Error, Event, State};
use crate::second_step::state::Answer;
use crate::second_step::{
    BackupEmailVerified, BackupPhoneVerified, CodeResent, ConfirmContact, ContactStep, During,
    EmailVerificationRequested, PhoneVerificationRequested, PrimaryEmailVerified, PrimaryPhoneVerified,
    RequestContactVerification, SetUp, Typed,
};
use crate::{ChallengeId, Method, Time};

/// Sends a code (and a link, by mail): the same one to the same place while it is good, else a new one.
///
/// A changed address begins anew and touches no other step.
pub(super) fn request(state: &State, c: RequestContactVerification) -> Result<Vec<Event>, Error> {
    let set_up = under_way(state, c.owner, c.now)?;
    may_ask(set_up, &c)?;
    let step = set_up.contact(c.method).filter(|step| *step.destination_hash() == c.destination_hash);
    if let Some(ContactStep::Verified { .. }) = step {
        return Ok(Vec::new());
    }
    if state.is_locked() {
        return Err(Error::Locked);
    }
    may_send(state, &c.destination_hash, c.now)?;
    if let Some(ContactStep::Asked { challenge, link }) = step
        && challenge.is_resendable(&c.destination_hash, c.now)
        && link.as_ref().is_none_or(|link| link.is_live(c.now))
    {
        let link = link.as_ref().map(|link| link.link.clone());
        let dispatch = challenge.dispatch.clone();
        return Ok(vec![CodeResent { during: During::SetUp(set_up.id), dispatch, link, at: c.now }.into()]);
    }
    Ok(vec![first_send(set_up, c)])
}

/// The work address goes before everything else, also where e-mail is no method of this company.
fn may_ask(set_up: &SetUp, c: &RequestContactVerification) -> Result<(), Error> {
    match set_up.due_work_address() {
        Some(work) if c.method == Method::Email && *work == c.destination_hash => Ok(()),
        Some(_) => Err(Error::WorkAddressFirst),
        None if c.method == Method::App || !set_up.allows(c.method.into()) => Err(Error::MethodNotAllowed),
        None => Ok(()),
    }
}

fn first_send(set_up: &SetUp, c: RequestContactVerification) -> Event {
    let code = NewCode { challenge: c.challenge, method: c.method, key: c.key, life_seconds: c.life_seconds };
    let dispatch = code.to(c.destination, c.destination_hash, c.now);
    if c.method == Method::Sms {
        return PhoneVerificationRequested { set_up: set_up.id, dispatch, at: c.now }.into();
    }
    EmailVerificationRequested {
        set_up: set_up.id,
        dispatch,
        link_key: c.link_key,
        link_expires_at: set_up.expires_at,
        at: c.now,
    }
    .into()
}

/// The short code was typed; where the link proved the address meanwhile there is nothing left to do.
pub(super) fn confirm(state: &State, c: ConfirmContact) -> Result<Vec<Event>, Error> {
    let set_up = under_way(state, c.owner, c.now)?;
    let challenge = match set_up.contact(c.method) {
        None => return Err(Error::NothingToConfirm),
        Some(ContactStep::Verified { .. }) => return Ok(Vec::new()),
        Some(ContactStep::Asked { challenge, .. }) => challenge,
    };
    state.failures().admit(c.now)?;
    let asked = challenge.dispatch.challenge;
    match challenge.answer(c.challenge, c.matches, c.now) {
        Answer::Right => Ok(vec![verified(set_up, c.method, asked, c.now)]),
        Answer::Expired => Err(Error::CodeExpired),
        Answer::Wrong => {
            let wrong = Wrong {
                during: During::SetUp(set_up.id),
                method: c.method.into(),
                challenge: Some(asked),
                typed: Typed::Code,
            };
            Ok(rejected(state, wrong, c.now))
        }
    }
}

/// The address or number is proven, as what the set-up wants it for.
pub(super) fn verified(set_up: &SetUp, method: Method, challenge: ChallengeId, at: Time) -> Event {
    let (id, primary) = (set_up.id, set_up.primary == method);
    match (method, primary) {
        (Method::Sms, true) => PrimaryPhoneVerified { set_up: id, challenge, at }.into(),
        (Method::Sms, false) => BackupPhoneVerified { set_up: id, challenge, at }.into(),
        (Method::App | Method::Email, true) => PrimaryEmailVerified { set_up: id, challenge, at }.into(),
        (Method::App | Method::Email, false) => BackupEmailVerified { set_up: id, challenge, at }.into(),
    }
}

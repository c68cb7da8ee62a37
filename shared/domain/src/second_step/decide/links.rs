//! The button behind a mailed link was pressed.

use super::contacts::verified;
use super::rejection::{Wrong, rejected};
use super::{Error, Event, State};
use crate::second_step::{
    ContactStep, Device, During, LinkProgress, OpenVerificationLink, SetUp, Typed, VerificationLinkOpened,
};
use crate::{BackupKind, Method};

/// On the device that set up, the press is the proof; on another one, the code of the first screen is due (S8).
pub(super) fn open(state: &State, c: OpenVerificationLink) -> Result<Vec<Event>, Error> {
    let (set_up, waiting) = state.link(c.challenge, c.now).ok_or(Error::LinkDead)?;
    if waiting.is_none() {
        // Proven already, by an earlier press or by the short code.
        return Ok(Vec::new());
    }
    let proven = || vec![verified(set_up, Method::Email, c.challenge, c.now)];
    match c.device {
        Device::Same(owner) if owner == set_up.owner => Ok(proven()),
        Device::Same(_) | Device::Other if was_opened(set_up) => Ok(Vec::new()),
        Device::Same(_) | Device::Other => {
            Ok(vec![VerificationLinkOpened { set_up: set_up.id, challenge: c.challenge, at: c.now }.into()])
        }
        Device::OtherWithCode { matches } => {
            state.failures().admit(c.now)?;
            if matches {
                return Ok(proven());
            }
            let wrong = Wrong {
                during: During::SetUp(set_up.id),
                method: BackupKind::Email,
                challenge: Some(c.challenge),
                typed: Typed::ScreenCode,
            };
            Ok(rejected(state, wrong, c.now))
        }
    }
}

fn was_opened(set_up: &SetUp) -> bool {
    let link = set_up.email.as_ref().and_then(|step| match step {
        ContactStep::Asked { link, .. } => link.as_ref(),
        ContactStep::Verified { .. } => None,
    });
    link.is_some_and(|LinkProgress { opened, .. }| *opened)
}

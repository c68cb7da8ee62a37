//! Printed codes.

use super::owner::{may_tell, told};
use super::set_up::open_to_all;
use super::{Error, Event, State};
use crate::BackupKind;
use crate::delivery::MessageKind;
use crate::second_step::{IssueRecoveryCodes, RecoveryCodesIssued, SetUpOwner};

/// As the backup of a set-up they wait for its activation; in a session they replace the old ones at once.
pub(super) fn issue(state: &State, c: IssueRecoveryCodes) -> Result<Vec<Event>, Error> {
    if c.as_backup {
        let set_up = open_to_all(state, c.owner, c.now)?;
        if !set_up.allows(BackupKind::Printed) {
            return Err(Error::MethodNotAllowed);
        }
        let set_up = Some(set_up.id);
        return Ok(vec![RecoveryCodesIssued { set_up, codes: c.codes, as_backup: true, at: c.now }.into()]);
    }
    let SetUpOwner::Session(id) = c.owner else { return Err(Error::NotAtThisStep) };
    let session = state.session(id, c.now).ok_or(Error::SessionOver)?;
    let enrolment = state.enrolment().ok_or(Error::NothingSetUp)?;
    if !session.is_fresh(c.now) {
        return Err(Error::StepUpRequired);
    }
    may_tell(state, c.now)?;
    let as_backup = enrolment.methods.printed.as_ref().is_some_and(|printed| printed.as_backup);
    Ok(vec![
        RecoveryCodesIssued { set_up: None, codes: c.codes, as_backup, at: c.now }.into(),
        told(MessageKind::MethodChanged),
    ])
}

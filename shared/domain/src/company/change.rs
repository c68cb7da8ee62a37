//! What *Save Changes* on the policy page causes.

use super::error::{Decision, check_reason};
use super::notice::told_to_master_admins;
use super::{ChangePolicy, CompanyError, Epoch, InForce, Policy, PolicyChanged, Registered, Transition};
use crate::delivery::MessageKind;
use crate::{Country, Method};
use std::collections::BTreeSet;

pub(super) fn change_policy(company: &Registered, command: ChangePolicy) -> Decision {
    check_reason(&command.reason)?;
    check_policy(&command.new, company.sms_countries())?;
    let required_epoch = match command.undo_of {
        Some(revision) => taken_back(company, &command, revision)?.required_epoch,
        None => required_epoch(company, &command)?,
    };
    Ok(vec![
        PolicyChanged {
            old: company.policy().clone(),
            new: command.new,
            reason: command.reason,
            transition: command.transition,
            required_epoch,
            turn_off_uncovered: command.turn_off_uncovered,
            undo_of: command.undo_of,
        }
        .into(),
        told_to_master_admins(MessageKind::PolicyChanged),
    ])
}

fn check_policy(policy: &Policy, sms_countries: &BTreeSet<Country>) -> Result<(), CompanyError> {
    if !(60..=600).contains(&policy.code_life_seconds) {
        return Err(CompanyError::CodeLife { seconds: policy.code_life_seconds.into() });
    }
    if policy.allowed_backups().is_empty() {
        return Err(CompanyError::NoBackup);
    }
    if sms_countries.is_empty() && policy.uses_sms() {
        let primary = policy.primary == Method::Sms;
        let refusal =
            if primary { CompanyError::PrimaryReachesNobody } else { CompanyError::BackupReachesNobody };
        return Err(refusal);
    }
    Ok(())
}

/// What the change at `revision` replaced, if `command` brings back exactly that.
fn taken_back<'c>(
    company: &'c Registered,
    command: &ChangePolicy,
    revision: u64,
) -> Result<&'c InForce, CompanyError> {
    let latest = company.last_change().map(|change| change.revision);
    let change = company
        .last_change()
        .filter(|change| change.revision == revision)
        .ok_or(CompanyError::NotTheLatestChange { latest })?;
    let exact = command.new == change.before.policy
        && command.transition == Transition::Lossless
        && !command.turn_off_uncovered;
    if exact { Ok(&change.before) } else { Err(CompanyError::NotAnUndo) }
}

/// A reset takes an epoch that never was: enrolments that an undo brought back don't survive the next reset.
fn required_epoch(company: &Registered, command: &ChangePolicy) -> Result<Epoch, CompanyError> {
    match command.transition {
        Transition::Reset => Ok(Epoch(company.highest_epoch().0.saturating_add(1))),
        Transition::Lossless if command.new == *company.policy() && !command.turn_off_uncovered => {
            Err(CompanyError::Unchanged)
        }
        Transition::Lossless => Ok(company.required_epoch()),
    }
}

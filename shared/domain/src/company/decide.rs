//! What a command causes in a company.

use super::error::{Decision, check_reason};
use super::notice::told_to_master_admins;
use super::{
    AccountHolderTransferred, AddMasterAdmin, Branding, BrandingChanged, BreakGlass, ChangeBranding,
    ChangeSmsCountries, CompanyCommand, CompanyError, CompanyEvent, CompanyRegistered, CompanyState,
    GlassBroken, MasterAdminAdded, MasterAdminRemoved, PersonalDataUnmasked, Register, Registered,
    RemoveMasterAdmin, SmsCountriesChanged, StopTexts, TextsStopped, TransferAccount, Unmask,
};
use crate::delivery::MessageKind;
use crate::reason::reason_fits;
use crate::{Aggregate, StreamKind};

/// How often Master Admins are told that texts were stopped.
const TOLD_AGAIN: chrono::TimeDelta = chrono::TimeDelta::days(1);

/// The aggregate over a company's stream.
#[derive(Clone, Copy, Debug)]
pub struct Company;

impl Aggregate for Company {
    const KIND: StreamKind = StreamKind::Company;
    type State = CompanyState;
    type Command = CompanyCommand;
    type Event = CompanyEvent;
    type Error = CompanyError;

    fn evolve(state: CompanyState, event: &CompanyEvent) -> CompanyState {
        state.after(event)
    }

    fn decide(state: &CompanyState, command: CompanyCommand) -> Decision {
        use CompanyCommand as Command;
        match (state, command) {
            (CompanyState::Unregistered, Command::Register(command)) => register(command),
            (CompanyState::Unregistered, _) => Err(CompanyError::NotRegistered),
            (CompanyState::Registered(_), Command::Register(_)) => Err(CompanyError::AlreadyRegistered),
            (CompanyState::Registered(company), Command::ChangePolicy(command)) => {
                super::change::change_policy(company, command)
            }
            (CompanyState::Registered(company), Command::AddMasterAdmin(command)) => {
                Ok(add_master_admin(company, &command))
            }
            (CompanyState::Registered(company), Command::RemoveMasterAdmin(command)) => {
                remove_master_admin(company, &command)
            }
            (CompanyState::Registered(company), Command::TransferAccount(command)) => {
                transfer_account(company, &command)
            }
            (CompanyState::Registered(company), Command::ChangeBranding(command)) => {
                change_branding(company, command)
            }
            (CompanyState::Registered(company), Command::ChangeSmsCountries(command)) => {
                change_sms_countries(company, command)
            }
            (CompanyState::Registered(company), Command::BreakGlass(command)) => {
                break_glass(company, command)
            }
            (CompanyState::Registered(company), Command::StopTexts(command)) => {
                Ok(stop_texts(company, command))
            }
            (CompanyState::Registered(_), Command::Unmask(command)) => unmask(command),
        }
    }
}

fn register(command: Register) -> Decision {
    check_branding(&command.branding)?;
    Ok(vec![
        CompanyRegistered {
            slug: command.slug,
            name: command.name,
            country: command.country,
            locale: command.locale,
            time_zone: command.time_zone,
            account_holder: command.account_holder,
            branding: command.branding,
        }
        .into(),
    ])
}

/// A step of work over several streams: done again, it causes nothing.
fn add_master_admin(company: &Registered, command: &AddMasterAdmin) -> Vec<CompanyEvent> {
    if company.is_master_admin(command.member) {
        return vec![];
    }
    vec![MasterAdminAdded { member: command.member }.into(), roster_notice()]
}

/// Like adding, a step that may be done again.
fn remove_master_admin(company: &Registered, command: &RemoveMasterAdmin) -> Decision {
    if command.member == company.account_holder() {
        return Err(CompanyError::AccountHolder);
    }
    if !company.is_master_admin(command.member) {
        return Ok(vec![]);
    }
    let mut left = company.master_admins().filter(|member| *member != command.member);
    if !left.any(|member| command.able.contains(&member)) {
        return Err(CompanyError::NobodyLeft);
    }
    Ok(vec![MasterAdminRemoved { member: command.member, because: command.because }.into(), roster_notice()])
}

fn transfer_account(company: &Registered, command: &TransferAccount) -> Decision {
    if command.to == company.account_holder() {
        return Err(CompanyError::Unchanged);
    }
    if !company.is_master_admin(command.to) {
        return Err(CompanyError::NotMasterAdmin);
    }
    Ok(vec![
        AccountHolderTransferred { from: company.account_holder(), to: command.to }.into(),
        roster_notice(),
    ])
}

/// Whoever holds a stolen session makes themselves at home here: the others hear of it at once.
fn roster_notice() -> CompanyEvent {
    told_to_master_admins(MessageKind::MasterAdminsChanged)
}

fn change_branding(company: &Registered, command: ChangeBranding) -> Decision {
    check_branding(&command.new)?;
    if command.new == *company.branding() {
        return Err(CompanyError::Unchanged);
    }
    Ok(vec![BrandingChanged { old: company.branding().clone(), new: command.new }.into()])
}

fn change_sms_countries(company: &Registered, command: ChangeSmsCountries) -> Decision {
    if !reason_fits(&command.reason) {
        return Err(CompanyError::ReasonTooLong);
    }
    if command.new == *company.sms_countries() {
        return Err(CompanyError::Unchanged);
    }
    if command.new.is_empty() && company.policy().uses_sms() {
        return Err(CompanyError::NoSmsCountry);
    }
    Ok(vec![
        SmsCountriesChanged {
            old: company.sms_countries().clone(),
            new: command.new,
            reason: command.reason,
        }
        .into(),
    ])
}

/// Appended before anybody is let in: the trace comes first, and every Master Admin is told.
fn break_glass(company: &Registered, command: BreakGlass) -> Decision {
    check_reason(&command.reason)?;
    if !company.is_master_admin(command.member) {
        return Err(CompanyError::GlassForMasterAdmins);
    }
    Ok(vec![
        GlassBroken { member: command.member, reason: command.reason }.into(),
        told_to_master_admins(MessageKind::GlassBroken),
    ])
}

/// Told once a day: whoever pumps texts may try one country after the other.
fn stop_texts(company: &Registered, StopTexts { dialling_code, now }: StopTexts) -> Vec<CompanyEvent> {
    if company.texts_stopped_at().is_some_and(|at| now - at < TOLD_AGAIN) {
        return Vec::new();
    }
    vec![TextsStopped { dialling_code, at: now }.into(), told_to_master_admins(MessageKind::TextsStopped)]
}

/// Appended before anything is shown: what nobody reads of doesn't happen.
fn unmask(Unmask { uid, scope, reason }: Unmask) -> Decision {
    check_reason(&reason)?;
    Ok(vec![PersonalDataUnmasked { uid, scope, reason }.into()])
}

fn check_branding(branding: &Branding) -> Result<(), CompanyError> {
    if branding.account_name.as_str().contains(':') {
        return Err(CompanyError::ColonInAccountName);
    }
    Ok(())
}

mod break_glass;
mod policy;
mod properties;
mod roster;
mod texting;
mod texts_stopped;
mod unmasking;

use std::collections::BTreeSet;

use super::{
    Branding, BrandingChanged, ChangeBranding, ChangeSmsCountries, Company, CompanyCommand, CompanyError,
    CompanyEvent, CompanyRegistered, CompanyState, Epoch, Policy, Register, SmsCountriesChanged,
};
use crate::samples::{country, decide, member, name};
use crate::{Aggregate, BackupKind, Country, Locale, Slug, TimeZone};

fn branding(account: &str) -> Branding {
    Branding { product_name: name("Rescue"), account_name: name(account), sender_name: name("Rescue") }
}

fn register(account: &str) -> CompanyCommand {
    CompanyCommand::Register(Register {
        slug: Slug::parse("acme").unwrap(),
        name: name("Acme"),
        country: country("DE"),
        locale: Locale::De,
        time_zone: TimeZone("Europe/Berlin".to_owned()),
        account_holder: member(1),
        branding: branding(account),
    })
}

/// Acme, held by member 1.
fn registered() -> CompanyEvent {
    CompanyRegistered {
        slug: Slug::parse("acme").unwrap(),
        name: name("Acme"),
        country: country("DE"),
        locale: Locale::De,
        time_zone: TimeZone("Europe/Berlin".to_owned()),
        account_holder: member(1),
        branding: branding("Rescue"),
    }
    .into()
}

fn rebrand(account: &str) -> CompanyCommand {
    CompanyCommand::ChangeBranding(ChangeBranding { new: branding(account) })
}

fn countries(of: &[&str]) -> BTreeSet<Country> {
    of.iter().copied().map(country).collect()
}

fn allow(of: &[&str], reason: &str) -> CompanyCommand {
    CompanyCommand::ChangeSmsCountries(ChangeSmsCountries { new: countries(of), reason: reason.to_owned() })
}

fn allowed(old: &[&str], new: &[&str]) -> CompanyEvent {
    SmsCountriesChanged { old: countries(old), new: countries(new), reason: "why".to_owned() }.into()
}

/// The default without texts.
fn no_texts() -> Policy {
    let backups = BTreeSet::from([BackupKind::Email, BackupKind::Printed]);
    Policy { backups, ..Policy::default() }
}

#[test]
fn a_company_is_registered_once() {
    assert_eq!(decide::<Company>(&[], register("Rescue")), Ok(vec![registered()]));
    assert_eq!(decide::<Company>(&[registered()], register("Rescue")), Err(CompanyError::AlreadyRegistered));
}

#[test]
fn nothing_can_be_asked_of_a_company_that_does_not_exist() {
    assert_eq!(decide::<Company>(&[], rebrand("Rescue")), Err(CompanyError::NotRegistered));
    assert_eq!(Company::fold(&[]), CompanyState::Unregistered);
}

#[test]
fn a_new_company_has_its_holder_the_default_policy_and_its_own_country() {
    let state = Company::fold(&[registered()]);
    let company = state.registered().unwrap();
    assert_eq!(company.master_admins().collect::<Vec<_>>(), vec![member(1)]);
    assert_eq!(company.policy(), &Policy::default());
    assert_eq!((company.required_epoch(), company.highest_epoch()), (Epoch(0), Epoch(0)));
    assert_eq!(company.sms_countries(), &countries(&["DE"]));
    assert_eq!((company.revision(), company.turned_off_at(), company.last_change()), (0, None, None));
}

#[test]
fn s3_the_account_name_has_no_colon() {
    assert_eq!(decide::<Company>(&[], register("Re:scue")), Err(CompanyError::ColonInAccountName));
    assert_eq!(decide::<Company>(&[registered()], rebrand("Re:scue")), Err(CompanyError::ColonInAccountName));
}

#[test]
fn branding_changes_with_old_and_new() {
    let changed = BrandingChanged { old: branding("Rescue"), new: branding("Acme IT") };
    assert_eq!(decide::<Company>(&[registered()], rebrand("Acme IT")), Ok(vec![changed.into()]));
    assert_eq!(decide::<Company>(&[registered()], rebrand("Rescue")), Err(CompanyError::Unchanged));
}

#[test]
fn the_countries_of_texts_change_with_old_new_and_why() {
    let history = [registered()];
    assert_eq!(
        decide::<Company>(&history, allow(&["AT", "DE"], "why")),
        Ok(vec![allowed(&["DE"], &["AT", "DE"])])
    );
    assert_eq!(decide::<Company>(&history, allow(&["DE"], "why")), Err(CompanyError::Unchanged));
    let long = "x".repeat(501);
    assert_eq!(decide::<Company>(&history, allow(&["AT"], &long)), Err(CompanyError::ReasonTooLong));
}

#[test]
fn s14_the_last_country_stays_while_the_policy_uses_texts() {
    assert_eq!(decide::<Company>(&[registered()], allow(&[], "why")), Err(CompanyError::NoSmsCountry));
    let history = [registered(), policy::changed(&Policy::default(), &no_texts())];
    assert_eq!(decide::<Company>(&history, allow(&[], "why")), Ok(vec![allowed(&["DE"], &[])]));
}

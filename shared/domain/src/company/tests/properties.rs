use std::collections::BTreeSet;

use proptest::prelude::*;
use proptest::sample::{select, subsequence};
use proptest::{collection, option};

use crate::company::{
    AccountHolderTransferred, AddMasterAdmin, Branding, BrandingChanged, BreakGlass, ChangeBranding,
    ChangePolicy, ChangeSmsCountries, Company, CompanyCommand, CompanyEvent, CompanyRegistered, Epoch,
    GlassBroken, HistoryPlace, MasterAdminAdded, MasterAdminRemoved, PersonalDataUnmasked, Policy,
    PolicyChanged, Register, Registered, Removal, RemoveMasterAdmin, SmsCountriesChanged, TechnicianScope,
    TextsStopped, TransferAccount, Transition, UnmaskedBy, UnmaskedScope,
};
use crate::delivery::{Channel, MessageKind};
use crate::samples::{
    any_countries, any_country, any_digest, any_locale, any_member, any_members, any_name, any_reason,
    any_sealed, any_time, any_time_zone, every_event_comes_back, walk,
};
use crate::{Aggregate, Audience, BackupKind, Contact, Method, NoticeRequested, Slug};

fn any_branding() -> impl Strategy<Value = Branding> {
    (any_name(), any_name(), any_name()).prop_map(|(product_name, account_name, sender_name)| Branding {
        product_name,
        account_name,
        sender_name,
    })
}

fn any_policy() -> impl Strategy<Value = Policy> {
    let scopes = vec![TechnicianScope::None, TechnicianScope::All, TechnicianScope::SelectedGroups];
    let kinds = vec![BackupKind::App, BackupKind::Sms, BackupKind::Email, BackupKind::Printed];
    (
        any::<bool>(),
        select(scopes),
        select(vec![Method::App, Method::Sms, Method::Email]),
        subsequence(kinds, 0..=4),
        select(vec![59_u16, 60, 300, 600, 601]),
        any::<bool>(),
    )
        .prop_map(|(admins, technicians, primary, backups, code_life_seconds, confirm)| Policy {
            admins,
            technicians,
            primary,
            backups: backups.into_iter().collect(),
            code_life_seconds,
            confirm_work_address_first: confirm,
        })
}

fn any_transition() -> impl Strategy<Value = Transition> {
    select(vec![Transition::Lossless, Transition::Reset])
}

fn any_removal() -> impl Strategy<Value = Removal> {
    select(vec![Removal::Demoted, Removal::Disabled, Removal::Erased])
}

fn any_register() -> impl Strategy<Value = Register> {
    let naming = ("[a-z]{1,8}", any_name(), any_country(), any_locale());
    (naming, any_time_zone(), any_member(), any_branding()).prop_map(
        |((slug, name, country, locale), time_zone, account_holder, branding)| Register {
            slug: Slug::parse(&slug).unwrap(),
            name,
            country,
            locale,
            time_zone,
            account_holder,
            branding,
        },
    )
}

fn any_registered() -> impl Strategy<Value = CompanyRegistered> {
    any_register().prop_map(|register| CompanyRegistered {
        slug: register.slug,
        name: register.name,
        country: register.country,
        locale: register.locale,
        time_zone: register.time_zone,
        account_holder: register.account_holder,
        branding: register.branding,
    })
}

fn any_change() -> impl Strategy<Value = PolicyChanged> {
    let what = (any_policy(), any_policy(), any_reason(), any_transition());
    (what, any::<u32>(), any::<bool>(), option::of(any::<u64>())).prop_map(
        |((old, new, reason, transition), epoch, turn_off_uncovered, undo_of)| PolicyChanged {
            old,
            new,
            reason,
            transition,
            required_epoch: Epoch(epoch),
            turn_off_uncovered,
            undo_of,
        },
    )
}

fn any_notice() -> impl Strategy<Value = NoticeRequested> {
    let contact = (select(vec![Channel::Email, Channel::Sms]), any_sealed(), any_digest())
        .prop_map(|(channel, destination, hash)| Contact { channel, destination, hash });
    (select(vec![Audience::Owner, Audience::MasterAdmins]), option::of(contact))
        .prop_map(|(audience, also)| NoticeRequested { kind: MessageKind::PolicyChanged, audience, also })
}

fn any_event() -> impl Strategy<Value = CompanyEvent> {
    prop_oneof![
        any_registered().prop_map(CompanyEvent::from),
        any_change().prop_map(CompanyEvent::from),
        any_member().prop_map(|member| MasterAdminAdded { member }.into()),
        (any_member(), any_removal())
            .prop_map(|(member, because)| MasterAdminRemoved { member, because }.into()),
        (any_member(), any_member()).prop_map(|(from, to)| AccountHolderTransferred { from, to }.into()),
        (any_branding(), any_branding()).prop_map(|(old, new)| BrandingChanged { old, new }.into()),
        (any_countries(), any_countries(), any_reason()).prop_map(|(old, new, reason)| SmsCountriesChanged {
            old,
            new,
            reason
        }
        .into()),
        (any_member(), any_reason()).prop_map(|(member, reason)| GlassBroken { member, reason }.into()),
        (1_u16..999, any_time()).prop_map(|(dialling_code, at)| TextsStopped { dialling_code, at }.into()),
        (any::<u32>(), any_scope(), any_reason()).prop_map(|(uid, scope, reason)| PersonalDataUnmasked {
            uid,
            scope,
            reason
        }
        .into()),
        any_notice().prop_map(CompanyEvent::from),
    ]
}

fn any_scope() -> impl Strategy<Value = UnmaskedScope> {
    let place =
        || prop_oneof![any::<u64>().prop_map(HistoryPlace::Number), any_time().prop_map(HistoryPlace::Time)];
    (
        select(vec![UnmaskedBy::Replay, UnmaskedBy::State, UnmaskedBy::Export]),
        option::of(any_member()),
        option::of(Just("PolicyChanged".to_owned())),
        option::of(place()),
        option::of(place()),
    )
        .prop_map(|(command, member, event_type, from, to)| UnmaskedScope {
            command,
            member,
            event_type,
            from,
            to,
        })
}

fn any_command() -> impl Strategy<Value = CompanyCommand> {
    let change = (any_policy(), any_reason(), any_transition(), any::<bool>(), option::of(0_u64..20));
    prop_oneof![
        1 => any_register().prop_map(CompanyCommand::Register),
        4 => change.prop_map(|(new, reason, transition, turn_off_uncovered, undo_of)| {
            let command = ChangePolicy { new, reason, transition, turn_off_uncovered, undo_of };
            CompanyCommand::ChangePolicy(command)
        }),
        2 => any_member().prop_map(|member| CompanyCommand::AddMasterAdmin(AddMasterAdmin { member })),
        2 => (any_member(), any_removal(), any_members()).prop_map(|(member, because, able)| {
            CompanyCommand::RemoveMasterAdmin(RemoveMasterAdmin { member, because, able })
        }),
        2 => any_member().prop_map(|to| CompanyCommand::TransferAccount(TransferAccount { to })),
        1 => any_branding().prop_map(|new| CompanyCommand::ChangeBranding(ChangeBranding { new })),
        2 => (any_countries(), any_reason()).prop_map(|(new, reason)| {
            CompanyCommand::ChangeSmsCountries(ChangeSmsCountries { new, reason })
        }),
        1 => (any_member(), any_reason()).prop_map(|(member, reason)| {
            CompanyCommand::BreakGlass(BreakGlass { member, reason })
        }),
    ]
}

/// What must hold of every company, whatever was asked of it.
fn check(company: &Registered) {
    let policy = company.policy();
    let roster: BTreeSet<_> = company.master_admins().collect();
    assert!(company.is_master_admin(company.account_holder()));
    assert_eq!(roster.len(), company.master_admins().count(), "nobody stands in the roster twice");
    assert!((60..=600).contains(&policy.code_life_seconds));
    assert!(!policy.allowed_backups().is_empty());
    assert!(!(policy.uses_sms() && company.sms_countries().is_empty()));
    assert!(company.required_epoch() <= company.highest_epoch());
}

/// The undo of the last change brings back all that was, where countries still allow it.
fn check_undo(state: &<Company as Aggregate>::State) {
    let Some(last) = state.registered().and_then(Registered::last_change) else { return };
    let undo = ChangePolicy {
        new: last.before.policy.clone(),
        reason: String::new(),
        transition: Transition::Lossless,
        turn_off_uncovered: false,
        undo_of: Some(last.revision),
    };
    let Ok(events) = Company::decide(state, CompanyCommand::ChangePolicy(undo)) else { return };
    let after = events.iter().fold(state.clone(), Company::evolve);
    let company = after.registered().unwrap();
    assert_eq!(company.policy(), &last.before.policy);
    assert_eq!(company.required_epoch(), last.before.required_epoch);
    assert_eq!(company.turned_off_at(), last.before.turned_off_at);
}

#[test]
fn every_company_event_comes_back_from_its_bytes() {
    every_event_comes_back::<Company>(any_event());
}

proptest! {
    #[test]
    fn any_commands_leave_the_fold_of_their_events(
        first in any_register(),
        commands in collection::vec(any_command(), 0..30),
    ) {
        let mut highest = Epoch::default();
        let commands = std::iter::once(CompanyCommand::Register(first)).chain(commands).collect();
        walk::<Company>(commands, |state| {
            let Some(company) = state.registered() else { return };
            check(company);
            check_undo(state);
            assert!(highest <= company.highest_epoch(), "an epoch that was never falls");
            highest = company.highest_epoch();
        });
    }
}

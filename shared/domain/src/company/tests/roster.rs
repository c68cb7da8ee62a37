use super::registered;
use crate::company::{
    AccountHolderTransferred, AddMasterAdmin, Company, CompanyCommand, CompanyError, CompanyEvent,
    MasterAdminAdded, MasterAdminRemoved, Removal, RemoveMasterAdmin, TransferAccount,
};
use crate::delivery::MessageKind;
use crate::samples::{decide, member};
use crate::{Aggregate, Audience, MemberId, NoticeRequested};

fn added(number: u128) -> CompanyEvent {
    MasterAdminAdded { member: member(number) }.into()
}

fn removed(number: u128, because: Removal) -> CompanyEvent {
    MasterAdminRemoved { member: member(number), because }.into()
}

fn transferred(from: u128, to: u128) -> CompanyEvent {
    AccountHolderTransferred { from: member(from), to: member(to) }.into()
}

/// What was done to the roster, and that every Master Admin is told of it.
fn told(what: CompanyEvent) -> Vec<CompanyEvent> {
    let kind = MessageKind::MasterAdminsChanged;
    vec![what, NoticeRequested { kind, audience: Audience::MasterAdmins, also: None }.into()]
}

fn add(number: u128) -> CompanyCommand {
    CompanyCommand::AddMasterAdmin(AddMasterAdmin { member: member(number) })
}

fn remove(number: u128, because: Removal, able: &[u128]) -> CompanyCommand {
    let able = able.iter().copied().map(member).collect();
    CompanyCommand::RemoveMasterAdmin(RemoveMasterAdmin { member: member(number), because, able })
}

fn transfer(to: u128) -> CompanyCommand {
    CompanyCommand::TransferAccount(TransferAccount { to: member(to) })
}

fn roster(history: &[CompanyEvent]) -> Vec<MemberId> {
    Company::fold(history).registered().unwrap().master_admins().collect()
}

#[test]
fn a_master_admin_is_added_all_are_told_and_adding_again_changes_nothing() {
    assert_eq!(decide::<Company>(&[registered()], add(2)), Ok(told(added(2))));
    assert_eq!(decide::<Company>(&[registered(), added(2)], add(2)), Ok(vec![]));
    assert_eq!(decide::<Company>(&[registered()], add(1)), Ok(vec![]));
}

#[test]
fn a_master_admin_is_removed_for_any_reason_and_all_are_told() {
    let history = [registered(), added(2)];
    for because in [Removal::Demoted, Removal::Disabled, Removal::Erased] {
        let decided = decide::<Company>(&history, remove(2, because, &[1, 2]));
        assert_eq!(decided, Ok(told(removed(2, because))));
    }
}

#[test]
fn removing_who_is_not_in_the_roster_changes_nothing() {
    assert_eq!(decide::<Company>(&[registered()], remove(2, Removal::Demoted, &[])), Ok(vec![]));
}

#[test]
fn s22_the_account_holder_cannot_be_removed() {
    let history = [registered(), added(2)];
    for because in [Removal::Demoted, Removal::Disabled, Removal::Erased] {
        let decided = decide::<Company>(&history, remove(1, because, &[1, 2]));
        assert_eq!(decided, Err(CompanyError::AccountHolder));
    }
}

#[test]
fn the_last_able_master_admin_cannot_be_removed() {
    let history = [registered(), added(2), added(3)];
    assert_eq!(
        decide::<Company>(&history, remove(2, Removal::Disabled, &[2])),
        Err(CompanyError::NobodyLeft)
    );
    assert_eq!(
        decide::<Company>(&history, remove(2, Removal::Disabled, &[2, 3])),
        Ok(told(removed(2, Removal::Disabled)))
    );
}

#[test]
fn only_people_of_the_roster_count_as_left() {
    let decided = decide::<Company>(&[registered(), added(2)], remove(2, Removal::Demoted, &[2, 7]));
    assert_eq!(decided, Err(CompanyError::NobodyLeft));
}

#[test]
fn removals_one_after_the_other_see_each_other() {
    let history = [registered(), added(2), added(3), removed(3, Removal::Demoted)];
    let decided = decide::<Company>(&history, remove(2, Removal::Demoted, &[2, 3]));
    assert_eq!(decided, Err(CompanyError::NobodyLeft));
}

#[test]
fn s22_the_account_is_transferred_to_a_master_admin_and_the_former_holder_stays_one() {
    let history = [registered(), added(2), added(3)];
    assert_eq!(decide::<Company>(&history, transfer(2)), Ok(told(transferred(1, 2))));
    let after = [registered(), added(2), added(3), transferred(1, 2)];
    assert_eq!(roster(&after), vec![member(2), member(1), member(3)]);
    let former = decide::<Company>(&after, remove(1, Removal::Demoted, &[2]));
    assert_eq!(former, Ok(told(removed(1, Removal::Demoted))));
}

#[test]
fn only_another_master_admin_can_get_the_account() {
    assert_eq!(decide::<Company>(&[registered()], transfer(2)), Err(CompanyError::NotMasterAdmin));
    assert_eq!(decide::<Company>(&[registered()], transfer(1)), Err(CompanyError::Unchanged));
}

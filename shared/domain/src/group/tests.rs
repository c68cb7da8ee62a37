mod effective;
mod properties;

use super::{
    AssignAdmin, ChangeEnforcement, Choice, Create, Enforcement, Group, GroupAdminAssigned,
    GroupAdminRemoved, GroupCommand, GroupCreated, GroupEnforcementChanged, GroupEnforcementLocked,
    GroupEnforcementUnlocked, GroupError, GroupEvent, GroupMoved, GroupRenamed, Lock, Move, Place,
    RemoveAdmin, Rename, Unlock,
};
use crate::samples::{decide, group, member, name};

const ENFORCE: Enforcement = Enforcement { choice: Choice::Enforce, also_subgroups: false };

fn created() -> GroupEvent {
    GroupCreated { name: name("Desk"), parent: Some(group(1)) }.into()
}

fn locked() -> GroupEvent {
    GroupEnforcementLocked { by: member(1) }.into()
}

fn tick(locked_above: bool, by_master_admin: bool) -> GroupCommand {
    GroupCommand::ChangeEnforcement(ChangeEnforcement {
        new: ENFORCE,
        reason: "audit".to_owned(),
        locked_above,
        by_master_admin,
    })
}

fn ticked() -> GroupEvent {
    GroupEnforcementChanged { old: Enforcement::default(), new: ENFORCE, reason: "audit".to_owned() }.into()
}

fn to(parent: u128, above: &[u128]) -> GroupCommand {
    let place = Place { parent: group(parent), above: above.iter().copied().map(group).collect() };
    GroupCommand::Move(Move { group: group(2), to: Some(place) })
}

#[test]
fn a_group_is_created_once() {
    let create = GroupCommand::Create(Create { name: name("Desk"), parent: Some(group(1)) });
    assert_eq!(decide::<Group>(&[], create.clone()), Ok(vec![created()]));
    assert_eq!(decide::<Group>(&[created()], create), Err(GroupError::AlreadyCreated));
}

#[test]
fn nothing_can_be_asked_of_a_group_that_does_not_exist() {
    for command in [tick(false, true), GroupCommand::Lock(Lock { by: member(1) })] {
        assert_eq!(decide::<Group>(&[], command), Err(GroupError::NoSuchGroup));
    }
}

#[test]
fn renaming_records_both_names() {
    let rename = |text| GroupCommand::Rename(Rename { new: name(text) });
    let renamed = GroupRenamed { old: name("Desk"), new: name("Field") };
    assert_eq!(decide::<Group>(&[created()], rename("Field")), Ok(vec![renamed.into()]));
    assert_eq!(decide::<Group>(&[created()], rename("Desk")), Err(GroupError::Unchanged));
}

#[test]
fn a_group_moves_into_another_or_to_the_top() {
    let moved = |new: Option<u128>| GroupMoved { old: Some(group(1)), new: new.map(group) }.into();
    assert_eq!(decide::<Group>(&[created()], to(3, &[1])), Ok(vec![moved(Some(3))]));
    let top = GroupCommand::Move(Move { group: group(2), to: None });
    assert_eq!(decide::<Group>(&[created()], top), Ok(vec![moved(None)]));
    assert_eq!(decide::<Group>(&[created()], to(1, &[])), Err(GroupError::Unchanged));
}

#[test]
fn a_group_cannot_lie_in_itself_or_below_itself() {
    assert_eq!(decide::<Group>(&[created()], to(2, &[1])), Err(GroupError::Cycle));
    assert_eq!(decide::<Group>(&[created()], to(4, &[3, 2, 1])), Err(GroupError::Cycle));
}

#[test]
fn ticking_the_box_records_old_new_and_why() {
    assert_eq!(decide::<Group>(&[created()], tick(false, false)), Ok(vec![ticked()]));
    assert_eq!(decide::<Group>(&[created(), ticked()], tick(false, false)), Err(GroupError::Unchanged));
}

#[test]
fn s22_an_admin_cannot_change_a_locked_box() {
    assert_eq!(decide::<Group>(&[created(), locked()], tick(false, false)), Err(GroupError::Locked));
    assert_eq!(decide::<Group>(&[created()], tick(true, false)), Err(GroupError::LockedAbove));
}

#[test]
fn no_lock_stops_a_master_admin() {
    assert_eq!(decide::<Group>(&[created(), locked()], tick(true, true)), Ok(vec![ticked()]));
}

#[test]
fn an_unlocked_box_is_open_to_admins_again() {
    let unlocked = GroupEnforcementUnlocked { by: member(2) }.into();
    assert_eq!(decide::<Group>(&[created(), locked(), unlocked], tick(false, false)), Ok(vec![ticked()]));
}

#[test]
fn a_reason_has_500_characters_at_most() {
    let because = |reason: String| {
        let GroupCommand::ChangeEnforcement(command) = tick(false, true) else { unreachable!() };
        decide::<Group>(
            &[created()],
            GroupCommand::ChangeEnforcement(ChangeEnforcement { reason, ..command }),
        )
    };
    assert!(because("ő".repeat(500)).is_ok());
    assert_eq!(because("ő".repeat(501)), Err(GroupError::ReasonTooLong));
}

#[test]
fn a_box_is_locked_and_unlocked_once() {
    let lock = GroupCommand::Lock(Lock { by: member(1) });
    let unlock = GroupCommand::Unlock(Unlock { by: member(2) });
    assert_eq!(decide::<Group>(&[created()], lock.clone()), Ok(vec![locked()]));
    assert_eq!(decide::<Group>(&[created(), locked()], lock), Err(GroupError::Unchanged));
    let unlocked = GroupEnforcementUnlocked { by: member(2) }.into();
    assert_eq!(decide::<Group>(&[created(), locked()], unlock.clone()), Ok(vec![unlocked]));
    assert_eq!(decide::<Group>(&[created()], unlock), Err(GroupError::Unchanged));
}

#[test]
fn an_admin_is_assigned_and_removed_once() {
    let assign = GroupCommand::AssignAdmin(AssignAdmin { member: member(3) });
    let remove = GroupCommand::RemoveAdmin(RemoveAdmin { member: member(3) });
    let assigned: GroupEvent = GroupAdminAssigned { member: member(3) }.into();
    assert_eq!(decide::<Group>(&[created()], assign.clone()), Ok(vec![assigned.clone()]));
    assert_eq!(decide::<Group>(&[created(), assigned.clone()], assign), Err(GroupError::Unchanged));
    let removed = GroupAdminRemoved { member: member(3) }.into();
    assert_eq!(decide::<Group>(&[created(), assigned], remove.clone()), Ok(vec![removed]));
    assert_eq!(decide::<Group>(&[created()], remove), Err(GroupError::Unchanged));
}

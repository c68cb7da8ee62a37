use crate::Aggregate;
use crate::Enforcing::{Off, On};
use crate::group::Choice::{Dont, Enforce, Follow};
use crate::group::{
    Choice, Enforcement, Group, GroupCreated, GroupEnforcementChanged, GroupEnforcementLocked, GroupEvent,
    GroupState, effective, locked_above,
};
use crate::samples::{member, name};

/// A group whose box says `choice` for itself alone.
fn alone(choice: Choice) -> GroupState {
    fold(choice, false, false)
}

/// A group whose box says `choice`, *also subgroups* ticked.
fn also(choice: Choice) -> GroupState {
    fold(choice, true, false)
}

/// The same, locked by a Master Admin.
fn also_locked(choice: Choice) -> GroupState {
    fold(choice, true, true)
}

/// A group whose own box alone is locked.
fn alone_locked(choice: Choice) -> GroupState {
    fold(choice, false, true)
}

fn fold(choice: Choice, also_subgroups: bool, locked: bool) -> GroupState {
    let new = Enforcement { choice, also_subgroups };
    let mut events: Vec<GroupEvent> = vec![
        GroupCreated { name: name("Desk"), parent: None }.into(),
        GroupEnforcementChanged { old: Enforcement::default(), new, reason: String::new() }.into(),
    ];
    if locked {
        events.push(GroupEnforcementLocked { by: member(1) }.into());
    }
    Group::fold(&events)
}

#[test]
fn the_own_explicit_value_wins() {
    assert_eq!(effective(&[alone(Enforce)]), On);
    assert_eq!(effective(&[alone(Enforce), also(Dont)]), On);
    assert_eq!(effective(&[alone(Dont), also(Enforce)]), Off);
    assert_eq!(effective(&[alone_locked(Dont), also(Enforce)]), Off);
}

#[test]
fn a_box_is_for_its_own_group_only_unless_also_subgroups_is_ticked() {
    assert_eq!(effective(&[alone(Follow), alone(Enforce)]), Off);
    assert_eq!(effective(&[alone(Follow), alone_locked(Enforce)]), Off);
    assert_eq!(effective(&[alone(Follow), also(Enforce)]), On);
    assert_eq!(effective(&[alone(Follow), alone(Follow), also(Enforce)]), On);
}

#[test]
fn a_follower_takes_the_nearest_group_above_that_speaks_for_its_subgroups() {
    assert_eq!(effective(&[alone(Follow), also(Dont), also(Enforce)]), Off);
    assert_eq!(effective(&[alone(Follow), also(Enforce), also(Dont)]), On);
    assert_eq!(effective(&[alone(Follow), alone(Dont), also(Enforce)]), On);
    assert_eq!(effective(&[alone(Follow), also(Follow), also(Enforce)]), On);
}

#[test]
fn a_follower_with_nobody_to_follow_is_off() {
    assert_eq!(effective(&[alone(Follow)]), Off);
    assert_eq!(effective(&[also(Follow), also(Follow)]), Off);
    assert_eq!(effective(&[]), Off);
}

#[test]
fn a_lock_with_also_subgroups_overrules_what_those_below_say() {
    assert_eq!(effective(&[alone(Dont), also_locked(Enforce)]), On);
    assert_eq!(effective(&[alone(Enforce), also_locked(Dont)]), Off);
    assert_eq!(effective(&[alone(Dont), alone(Follow), also_locked(Enforce)]), On);
    assert_eq!(effective(&[alone(Dont), alone_locked(Enforce)]), Off);
}

#[test]
fn the_topmost_lock_speaks_for_all_below() {
    assert_eq!(effective(&[alone(Follow), also_locked(Dont), also_locked(Enforce)]), On);
    assert_eq!(effective(&[alone(Enforce), also_locked(Enforce), also_locked(Dont)]), Off);
    assert_eq!(effective(&[alone(Follow), also_locked(Enforce), also(Dont)]), On);
}

#[test]
fn a_locked_group_that_follows_takes_those_below_along() {
    assert_eq!(effective(&[alone(Enforce), also_locked(Follow)]), Off);
    assert_eq!(effective(&[alone(Dont), also_locked(Follow), also(Enforce)]), On);
}

#[test]
fn a_group_that_does_not_exist_says_nothing() {
    assert_eq!(effective(&[GroupState::Absent]), Off);
    assert_eq!(effective(&[GroupState::Absent, also(Enforce)]), On);
    assert_eq!(effective(&[alone(Follow), GroupState::Absent, also(Enforce)]), On);
}

#[test]
fn a_lock_binds_those_below_only_with_also_subgroups() {
    assert!(!locked_above(&[]));
    assert!(!locked_above(&[GroupState::Absent, alone_locked(Enforce), also(Enforce)]));
    assert!(locked_above(&[alone(Follow), also_locked(Follow)]));
}

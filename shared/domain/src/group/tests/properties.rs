use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;

use super::*;
use crate::Aggregate;
use crate::samples::{any_group, any_member, any_name, any_reason, every_event_comes_back, walk};

fn any_enforcement() -> impl Strategy<Value = Enforcement> {
    (select(vec![Choice::Follow, Choice::Enforce, Choice::Dont]), any::<bool>())
        .prop_map(|(choice, also_subgroups)| Enforcement { choice, also_subgroups })
}

fn any_event() -> impl Strategy<Value = GroupEvent> {
    prop_oneof![
        (any_name(), option::of(any_group())).prop_map(|(name, parent)| GroupCreated { name, parent }.into()),
        (any_name(), any_name()).prop_map(|(old, new)| GroupRenamed { old, new }.into()),
        (option::of(any_group()), option::of(any_group()))
            .prop_map(|(old, new)| GroupMoved { old, new }.into()),
        (any_enforcement(), any_enforcement(), any_reason())
            .prop_map(|(old, new, reason)| GroupEnforcementChanged { old, new, reason }.into()),
        any_member().prop_map(|by| GroupEnforcementLocked { by }.into()),
        any_member().prop_map(|by| GroupEnforcementUnlocked { by }.into()),
        any_member().prop_map(|member| GroupAdminAssigned { member }.into()),
        any_member().prop_map(|member| GroupAdminRemoved { member }.into()),
    ]
}

fn any_place() -> impl Strategy<Value = Place> {
    (any_group(), proptest::collection::vec(any_group(), 0..3))
        .prop_map(|(parent, above)| Place { parent, above })
}

fn any_command() -> impl Strategy<Value = GroupCommand> {
    prop_oneof![
        (any_name(), option::of(any_group()))
            .prop_map(|(name, parent)| GroupCommand::Create(Create { name, parent })),
        any_name().prop_map(|new| GroupCommand::Rename(Rename { new })),
        option::of(any_place()).prop_map(|to| GroupCommand::Move(Move { group: group(2), to })),
        (any_enforcement(), any_reason(), any::<bool>(), any::<bool>()).prop_map(
            |(new, reason, locked_above, by_master_admin)| {
                GroupCommand::ChangeEnforcement(ChangeEnforcement {
                    new,
                    reason,
                    locked_above,
                    by_master_admin,
                })
            }
        ),
        any_member().prop_map(|by| GroupCommand::Lock(Lock { by })),
        any_member().prop_map(|by| GroupCommand::Unlock(Unlock { by })),
        any_member().prop_map(|member| GroupCommand::AssignAdmin(AssignAdmin { member })),
        any_member().prop_map(|member| GroupCommand::RemoveAdmin(RemoveAdmin { member })),
    ]
}

#[test]
fn every_group_event_comes_back_from_its_bytes() {
    every_event_comes_back::<Group>(any_event());
}

proptest! {
    #[test]
    fn any_commands_leave_the_fold_of_their_events(commands in proptest::collection::vec(any_command(), 0..30)) {
        walk::<Group>(commands, |_| {});
    }

    #[test]
    fn no_admin_changes_a_locked_box(
        events in proptest::collection::vec(any_event(), 0..20),
        new in any_enforcement(),
        locked_above in any::<bool>(),
    ) {
        let state = Group::fold(&events);
        let command = ChangeEnforcement { new, reason: String::new(), locked_above, by_master_admin: false };
        let locked = locked_above || state.created().is_some_and(|group| group.locked_by().is_some());
        let decided = Group::decide(&state, GroupCommand::ChangeEnforcement(command));
        prop_assert!(!(locked && decided.is_ok()));
    }
}

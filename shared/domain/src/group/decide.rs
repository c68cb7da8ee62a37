//! What a command causes in a technician group.
//!
//! Each command is a form or a button of its own: where nothing would change, it says so.

use super::{
    AssignAdmin, ChangeEnforcement, Create, Created, GroupAdminAssigned, GroupAdminRemoved, GroupCommand,
    GroupCreated, GroupEnforcementChanged, GroupEnforcementLocked, GroupEnforcementUnlocked, GroupError,
    GroupEvent, GroupMoved, GroupRenamed, GroupState, Lock, Move, RemoveAdmin, Rename, Unlock,
};
use crate::reason::reason_fits;
use crate::{Aggregate, StreamKind};

/// The aggregate over a technician group's stream.
#[derive(Clone, Copy, Debug)]
pub struct Group;

type Decision = Result<Vec<GroupEvent>, GroupError>;

impl Aggregate for Group {
    const KIND: StreamKind = StreamKind::Group;
    type State = GroupState;
    type Command = GroupCommand;
    type Event = GroupEvent;
    type Error = GroupError;

    fn evolve(state: GroupState, event: &GroupEvent) -> GroupState {
        state.after(event)
    }

    fn decide(state: &GroupState, command: GroupCommand) -> Decision {
        use GroupCommand as Command;
        match (state, command) {
            (GroupState::Absent, Command::Create(command)) => Ok(create(command)),
            (GroupState::Absent, _) => Err(GroupError::NoSuchGroup),
            (GroupState::Created(_), Command::Create(_)) => Err(GroupError::AlreadyCreated),
            (GroupState::Created(group), Command::Rename(command)) => rename(group, command),
            (GroupState::Created(group), Command::Move(command)) => move_to(group, command),
            (GroupState::Created(group), Command::ChangeEnforcement(command)) => {
                change_enforcement(group, command)
            }
            (GroupState::Created(group), Command::Lock(command)) => lock(group, &command),
            (GroupState::Created(group), Command::Unlock(command)) => unlock(group, &command),
            (GroupState::Created(group), Command::AssignAdmin(command)) => assign_admin(group, &command),
            (GroupState::Created(group), Command::RemoveAdmin(command)) => remove_admin(group, &command),
        }
    }
}

fn create(command: Create) -> Vec<GroupEvent> {
    vec![GroupCreated { name: command.name, parent: command.parent }.into()]
}

fn rename(group: &Created, command: Rename) -> Decision {
    if command.new == *group.name() {
        return Err(GroupError::Unchanged);
    }
    Ok(vec![GroupRenamed { old: group.name().clone(), new: command.new }.into()])
}

fn move_to(group: &Created, command: Move) -> Decision {
    let new = command.to.as_ref().map(|place| place.parent);
    if new == group.parent() {
        return Err(GroupError::Unchanged);
    }
    if let Some(place) = command.to
        && (place.parent == command.group || place.above.contains(&command.group))
    {
        return Err(GroupError::Cycle);
    }
    Ok(vec![GroupMoved { old: group.parent(), new }.into()])
}

fn change_enforcement(group: &Created, command: ChangeEnforcement) -> Decision {
    if !reason_fits(&command.reason) {
        return Err(GroupError::ReasonTooLong);
    }
    if !command.by_master_admin && group.locked_by().is_some() {
        return Err(GroupError::Locked);
    }
    if !command.by_master_admin && command.locked_above {
        return Err(GroupError::LockedAbove);
    }
    if command.new == group.enforcement() {
        return Err(GroupError::Unchanged);
    }
    Ok(vec![
        GroupEnforcementChanged { old: group.enforcement(), new: command.new, reason: command.reason }.into(),
    ])
}

fn lock(group: &Created, command: &Lock) -> Decision {
    if group.locked_by().is_some() {
        return Err(GroupError::Unchanged);
    }
    Ok(vec![GroupEnforcementLocked { by: command.by }.into()])
}

fn unlock(group: &Created, command: &Unlock) -> Decision {
    if group.locked_by().is_none() {
        return Err(GroupError::Unchanged);
    }
    Ok(vec![GroupEnforcementUnlocked { by: command.by }.into()])
}

fn assign_admin(group: &Created, command: &AssignAdmin) -> Decision {
    if group.admins().contains(&command.member) {
        return Err(GroupError::Unchanged);
    }
    Ok(vec![GroupAdminAssigned { member: command.member }.into()])
}

fn remove_admin(group: &Created, command: &RemoveAdmin) -> Decision {
    if !group.admins().contains(&command.member) {
        return Err(GroupError::Unchanged);
    }
    Ok(vec![GroupAdminRemoved { member: command.member }.into()])
}

//! What a command causes in a member.

use super::error::Decision;
use super::{
    ChangeRoles, Disable, Erase, InvitationRenewed, Invite, MemberCommand, MemberDisabled, MemberEnabled,
    MemberErased, MemberError, MemberEvent, MemberInvited, MemberMoved, MemberRolesChanged, MemberState,
    Move, Person, Standing,
};
use crate::reason::reason_fits;
use crate::{Aggregate, GroupId, Role, Roles, StreamKind};

/// The aggregate over a member's stream.
#[derive(Clone, Copy, Debug)]
pub struct Member;

impl Aggregate for Member {
    const KIND: StreamKind = StreamKind::Member;
    type State = MemberState;
    type Command = MemberCommand;
    type Event = MemberEvent;
    type Error = MemberError;

    fn evolve(state: MemberState, event: &MemberEvent) -> MemberState {
        state.after(event)
    }

    fn decide(state: &MemberState, command: MemberCommand) -> Decision {
        use MemberCommand as Command;
        match (state, command) {
            (MemberState::Absent, Command::Invite(command)) => invite(command),
            (MemberState::Erased { .. }, Command::Erase(_)) => Ok(vec![]),
            (MemberState::Absent | MemberState::Erased { .. }, _) => Err(MemberError::NoSuchMember),
            (MemberState::Present(_), Command::Invite(_)) => Err(MemberError::AlreadyMember),
            (MemberState::Present(person), Command::RenewInvitation(command)) => {
                renew_invitation(person, command.invitation)
            }
            (MemberState::Present(person), Command::ChangeRoles(command)) => change_roles(person, command),
            (MemberState::Present(person), Command::Move(command)) => move_to(person, &command),
            (MemberState::Present(person), Command::Disable(command)) => disable(person, command),
            (MemberState::Present(person), Command::Enable(_)) => Ok(enable(person)),
            (MemberState::Present(person), Command::RequestPasswordReset(command)) => {
                super::credential::request_reset(person, command)
            }
            (MemberState::Present(person), Command::SetPassword(command)) => {
                super::credential::set_password(person, command)
            }
            (MemberState::Present(_), Command::Erase(command)) => Ok(erase(&command)),
        }
    }

    fn unchanged() -> Option<MemberEvent> {
        Some(crate::RequestAnswered {}.into())
    }
}

fn invite(command: Invite) -> Decision {
    check(&command.roles, command.group)?;
    Ok(vec![
        MemberInvited {
            identity: command.identity,
            roles: command.roles,
            group: command.group,
            locale: command.locale,
            time_zone: command.time_zone,
            invitation: command.invitation,
        }
        .into(),
    ])
}

fn renew_invitation(person: &Person, invitation: super::Link) -> Decision {
    if person.standing() == Standing::Disabled {
        return Err(MemberError::Disabled);
    }
    if person.password().is_some() {
        return Err(MemberError::HasPassword);
    }
    Ok(vec![InvitationRenewed { invitation }.into()])
}

/// Who stops being a technician leaves their group in the same breath: it would go on counting them.
fn change_roles(person: &Person, command: ChangeRoles) -> Decision {
    check(&command.new, None)?;
    if command.new == *person.roles() {
        return Err(MemberError::Unchanged);
    }
    let leaves = person.group().filter(|_| !command.new.has(Role::Technician));
    let moved = leaves.map(|group| MemberMoved { old: Some(group), new: None }.into());
    let changed = MemberRolesChanged { old: person.roles().clone(), new: command.new }.into();
    Ok(std::iter::once(changed).chain(moved).collect())
}

fn move_to(person: &Person, command: &Move) -> Decision {
    check(person.roles(), command.to)?;
    if command.to == person.group() {
        return Err(MemberError::Unchanged);
    }
    Ok(vec![MemberMoved { old: person.group(), new: command.to }.into()])
}

/// A step of work over several streams, like enabling and erasing: done again, it causes nothing.
fn disable(person: &Person, command: Disable) -> Decision {
    if !reason_fits(&command.reason) {
        return Err(MemberError::ReasonTooLong);
    }
    match person.standing() {
        Standing::Enabled => Ok(vec![MemberDisabled { reason: command.reason }.into()]),
        Standing::Disabled => Ok(vec![]),
    }
}

fn enable(person: &Person) -> Vec<MemberEvent> {
    match person.standing() {
        Standing::Enabled => vec![],
        Standing::Disabled => vec![MemberEnabled {}.into()],
    }
}

fn erase(command: &Erase) -> Vec<MemberEvent> {
    vec![MemberErased { by: command.by }.into()]
}

fn check(roles: &Roles, group: Option<GroupId>) -> Result<(), MemberError> {
    if roles.0.is_empty() {
        return Err(MemberError::NoRole);
    }
    if group.is_some() && !roles.has(Role::Technician) {
        return Err(MemberError::NotTechnician);
    }
    Ok(())
}

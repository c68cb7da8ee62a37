//! What can be asked of a technician group.

use super::Enforcement;
use crate::{GroupId, MemberId, Name};

/// A command on a group. Who may give it is settled before; the lock is decided here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum GroupCommand {
    /// The group comes into being.
    Create(Create),
    /// It gets another name.
    Rename(Rename),
    /// It goes elsewhere in the tree, with everything below it.
    Move(Move),
    /// Its box is set.
    ChangeEnforcement(ChangeEnforcement),
    /// A Master Admin locks the box.
    Lock(Lock),
    /// A Master Admin unlocks it.
    Unlock(Unlock),
    /// An Admin gets the group.
    AssignAdmin(AssignAdmin),
    /// An Admin loses it.
    RemoveAdmin(RemoveAdmin),
}

/// See [`GroupCommand::Create`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Create {
    /// Its name.
    pub name: Name,
    /// The group it lies in; none at the top.
    pub parent: Option<GroupId>,
}

/// See [`GroupCommand::Rename`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rename {
    /// The name to have.
    pub new: Name,
}

/// See [`GroupCommand::Move`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Move {
    /// The group that moves.
    pub group: GroupId,
    /// Where to; none: to the top.
    pub to: Option<Place>,
}

/// A group that another one can lie in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The group.
    pub parent: GroupId,
    /// A fact: the groups above it, nearest first.
    pub above: Vec<GroupId>,
}

/// See [`GroupCommand::ChangeEnforcement`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChangeEnforcement {
    /// The box to have.
    pub new: Enforcement,
    /// Why; at most [`MAX_REASON`](crate::MAX_REASON) characters, may be empty.
    pub reason: String,
    /// A fact: a group above is locked with *also subgroups* (see [`locked_above`](super::locked_above)).
    pub locked_above: bool,
    /// Whether a Master Admin asks, whom no lock stops.
    pub by_master_admin: bool,
}

/// See [`GroupCommand::Lock`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lock {
    /// The Master Admin.
    pub by: MemberId,
}

/// See [`GroupCommand::Unlock`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unlock {
    /// The Master Admin.
    pub by: MemberId,
}

/// See [`GroupCommand::AssignAdmin`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AssignAdmin {
    /// Who; that they are an Admin is checked before.
    pub member: MemberId,
}

/// See [`GroupCommand::RemoveAdmin`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RemoveAdmin {
    /// Who.
    pub member: MemberId,
}

//! What can have happened to a technician group.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Enforcement;
use crate::codec::events;
use crate::{GroupId, MemberId, Name};

events! {
    /// The events of a group's stream.
    pub enum GroupEvent {
        GroupCreated = 1,
        GroupRenamed = 1,
        GroupMoved = 1,
        GroupEnforcementChanged = 1,
        GroupEnforcementLocked = 1,
        GroupEnforcementUnlocked = 1,
        GroupAdminAssigned = 1,
        GroupAdminRemoved = 1,
    }
}

/// The group exists.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct GroupCreated {
    /// Its name.
    pub name: Name,
    /// The group it lies in; none at the top.
    pub parent: Option<GroupId>,
}

/// The group has another name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct GroupRenamed {
    /// What it was.
    pub old: Name,
    /// What it is.
    pub new: Name,
}

/// The group lies elsewhere.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct GroupMoved {
    /// Where it lay.
    pub old: Option<GroupId>,
    /// Where it lies.
    pub new: Option<GroupId>,
}

/// The box *Enforce two-step verification* on the group's Settings tab is set differently.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct GroupEnforcementChanged {
    /// What was.
    pub old: Enforcement,
    /// What is.
    pub new: Enforcement,
    /// Why, in the words of who changed it; may be empty.
    pub reason: String,
}

/// A Master Admin locked the box: Admins can't change it, with *also subgroups* neither there nor below.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct GroupEnforcementLocked {
    /// Who.
    pub by: MemberId,
}

/// The box is open to Admins again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct GroupEnforcementUnlocked {
    /// Who.
    pub by: MemberId,
}

/// An Admin manages this group and those below it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct GroupAdminAssigned {
    /// Who.
    pub member: MemberId,
}

/// An Admin no longer manages this group.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct GroupAdminRemoved {
    /// Who.
    pub member: MemberId,
}

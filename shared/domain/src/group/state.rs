//! What a group's events add up to.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::{Enforcement, GroupCreated, GroupEvent};
use crate::{GroupId, MemberId, Name};

/// A technician group, or the place for one.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum GroupState {
    /// There is none.
    #[default]
    Absent,
    /// The group exists.
    Created(Created),
}

impl GroupState {
    /// The group, if there is one.
    #[must_use]
    pub fn created(&self) -> Option<&Created> {
        match self {
            Self::Absent => None,
            Self::Created(group) => Some(group),
        }
    }

    pub(super) fn after(self, event: &GroupEvent) -> Self {
        match self {
            Self::Absent => {
                // A stream begins with the creation: whatever stood before it would belong to no group.
                let GroupEvent::GroupCreated(event) = event else { return Self::Absent };
                Self::Created(Created::new(event))
            }
            Self::Created(mut group) => {
                group.apply(event);
                Self::Created(group)
            }
        }
    }
}

/// A technician group that exists.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Created {
    name: Name,
    parent: Option<GroupId>,
    enforcement: Enforcement,
    locked_by: Option<MemberId>,
    admins: BTreeSet<MemberId>,
}

impl Created {
    fn new(event: &GroupCreated) -> Self {
        Self {
            name: event.name.clone(),
            parent: event.parent,
            enforcement: Enforcement::default(),
            locked_by: None,
            admins: BTreeSet::new(),
        }
    }

    fn apply(&mut self, event: &GroupEvent) {
        match event {
            // The first creation stands.
            GroupEvent::GroupCreated(_) => {}
            GroupEvent::GroupRenamed(event) => self.name = event.new.clone(),
            GroupEvent::GroupMoved(event) => self.parent = event.new,
            GroupEvent::GroupEnforcementChanged(event) => self.enforcement = event.new,
            GroupEvent::GroupEnforcementLocked(event) => self.locked_by = Some(event.by),
            GroupEvent::GroupEnforcementUnlocked(_) => self.locked_by = None,
            GroupEvent::GroupAdminAssigned(event) => {
                self.admins.insert(event.member);
            }
            GroupEvent::GroupAdminRemoved(event) => {
                self.admins.remove(&event.member);
            }
        }
    }

    /// Its name.
    #[must_use]
    pub fn name(&self) -> &Name {
        &self.name
    }

    /// The group it lies in; none at the top.
    #[must_use]
    pub fn parent(&self) -> Option<GroupId> {
        self.parent
    }

    /// Its own box.
    #[must_use]
    pub fn enforcement(&self) -> Enforcement {
        self.enforcement
    }

    /// Who locked the box; none: Admins may change it.
    #[must_use]
    pub fn locked_by(&self) -> Option<MemberId> {
        self.locked_by
    }

    /// Whether its lock binds the groups below it too.
    #[must_use]
    pub fn locks_subgroups(&self) -> bool {
        self.locked_by.is_some() && self.enforcement.also_subgroups
    }

    /// The Admins assigned to it; their reach includes the groups below.
    #[must_use]
    pub fn admins(&self) -> &BTreeSet<MemberId> {
        &self.admins
    }
}

//! Whom and what the one who looks is in charge of: the buttons of anything else would be refused.

use std::collections::HashMap;

use twostep_api::{Group, Me, Member, Role};
use uuid::Uuid;

/// What somebody is in charge of, as the API decides it.
pub(super) struct Charge<'a> {
    me: &'a Me,
    groups: HashMap<Uuid, &'a Group>,
}

impl<'a> Charge<'a> {
    /// What `me` is in charge of; `groups` are all those that they see.
    pub(super) fn of(me: &'a Me, groups: &'a [Group]) -> Self {
        Self { me, groups: groups.iter().map(|group| (group.id, group)).collect() }
    }

    /// Whether they change anything here; whoever only audits looks on.
    pub(super) fn any(&self) -> bool {
        self.is(Role::MasterAdmin) || self.is(Role::Admin)
    }

    /// Whether they are in charge of the group: Master Admins are, and Admins of it or of one above it.
    pub(super) fn group(&self, id: Uuid) -> bool {
        self.is(Role::MasterAdmin) || self.is(Role::Admin) && self.is_assigned(id)
    }

    /// Whether they are in charge of the person; nobody is of themselves, and no Admin of a Master Admin.
    pub(super) fn person(&self, member: &Member) -> bool {
        let master = member.roles.contains(&Role::MasterAdmin);
        let own = || !master && member.group.is_some_and(|group| self.group(group));
        !self.is_own(member) && (self.is(Role::MasterAdmin) || own())
    }

    /// Whether the person is the one who looks.
    pub(super) fn is_own(&self, member: &Member) -> bool {
        member.id == self.me.id
    }

    fn is(&self, role: Role) -> bool {
        self.me.roles.contains(&role)
    }

    fn is_assigned(&self, id: Uuid) -> bool {
        let above = std::iter::successors(self.groups.get(&id), |group| self.groups.get(&group.parent?));
        // The API ties no ring of parents; if there were one, the walk would still end.
        above.take(self.groups.len()).any(|group| group.admins.contains(&self.me.id))
    }
}

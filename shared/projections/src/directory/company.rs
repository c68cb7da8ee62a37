//! One company, as rules and lists see it.

use std::collections::{BTreeMap, HashMap};

use twostep_domain::company::{Company, CompanyEvent, CompanyState, Registered};
use twostep_domain::group::{self, Group, GroupEvent, GroupState};
use twostep_domain::member::MemberEvent;
use twostep_domain::second_step::{Outline, SecondStepEvent};
use twostep_domain::{Aggregate as _, Enforcing, GroupId, MemberId, Time};

use super::{MemberView, Standing};

/// How deep groups may nest before a chain is cut: two moves at once could tie a circle.
const DEEPEST: usize = 64;

/// One company.
#[derive(Default, PartialEq)]
pub struct CompanyView {
    company: CompanyState,
    revision: u64,
    groups: HashMap<GroupId, (GroupState, u64)>,
    members: BTreeMap<MemberId, MemberView>,
}

impl CompanyView {
    /// The company itself.
    #[must_use]
    pub fn registered(&self) -> Option<&Registered> {
        self.company.registered()
    }

    /// The last revision of the company's stream.
    #[must_use]
    pub fn revision(&self) -> u64 {
        self.revision
    }

    /// The group `id`, with the last revision of its stream.
    #[must_use]
    pub fn group(&self, id: GroupId) -> Option<(&GroupState, u64)> {
        self.groups.get(&id).map(|(group, revision)| (group, *revision))
    }

    /// Every group, in no order.
    pub fn groups(&self) -> impl Iterator<Item = (GroupId, &GroupState, u64)> {
        self.groups.iter().map(|(id, (group, revision))| (*id, group, *revision))
    }

    /// The person `id`.
    #[must_use]
    pub fn member(&self, id: MemberId) -> Option<&MemberView> {
        self.members.get(&id)
    }

    /// The people after `after`, by id.
    pub fn members(&self, after: Option<MemberId>) -> impl Iterator<Item = (MemberId, &MemberView)> {
        use std::ops::Bound;
        let from = after.map_or(Bound::Unbounded, Bound::Excluded);
        self.members.range((from, Bound::Unbounded)).map(|(id, member)| (*id, member))
    }

    /// The group `id` and those above it, nearest first; cut where it would run in a circle.
    #[must_use]
    pub fn chain(&self, id: GroupId) -> Vec<(GroupId, &GroupState, u64)> {
        let mut chain = Vec::new();
        let mut next = Some(id);
        while let Some(id) = next {
            let Some((group, revision)) = self.group(id) else { break };
            if chain.len() == DEEPEST || chain.iter().any(|(seen, _, _)| *seen == id) {
                break;
            }
            chain.push((id, group, revision));
            next = group.created().and_then(group::Created::parent);
        }
        chain
    }

    /// What the box of `group` says in effect; off without a group.
    #[must_use]
    pub fn enforcing(&self, group: Option<GroupId>) -> Enforcing {
        let Some(id) = group else { return Enforcing::Off };
        group::effective(self.chain(id).into_iter().map(|(_, group, _)| group))
    }

    /// Whether `admin` manages `group`: it or one above it is assigned to them.
    #[must_use]
    pub fn manages(&self, admin: MemberId, group: Option<GroupId>) -> bool {
        let Some(id) = group else { return false };
        self.chain(id)
            .iter()
            .filter_map(|(_, group, _)| group.created())
            .any(|group| group.admins().contains(&admin))
    }

    pub(super) fn apply_company(&mut self, event: &CompanyEvent, revision: u64) {
        self.company = Company::evolve(std::mem::take(&mut self.company), event);
        self.revision = revision;
    }

    pub(super) fn apply_group(&mut self, id: GroupId, event: &GroupEvent, revision: u64) {
        let (group, at) = self.groups.entry(id).or_default();
        *group = Group::evolve(std::mem::take(group), event);
        *at = revision;
    }

    pub(super) fn apply_member(&mut self, id: MemberId, event: MemberEvent, revision: u64, at: Time) {
        let (identity, roles, group) = match &event {
            MemberEvent::MemberInvited(event) => (&event.identity, &event.roles, event.group),
            MemberEvent::MemberAdded(event) => (&event.identity, &event.roles, event.group),
            _ => {
                if let Some(member) = self.members.get_mut(&id) {
                    member.revision = revision;
                    member.apply(event, at);
                }
                return;
            }
        };
        let member = MemberView {
            identity: Some(Box::new(identity.clone())),
            roles: roles.clone(),
            group,
            standing: Standing::Enabled,
            enabled_again: None,
            password: None,
            reset: false,
            second_step: Outline::default(),
            locked: false,
            revision,
        };
        self.members.insert(id, member);
    }

    pub(super) fn apply_second_step(&mut self, id: MemberId, event: &SecondStepEvent) {
        let Some(member) = self.members.get_mut(&id) else { return };
        member.second_step.apply(event);
        match event {
            SecondStepEvent::MfaActivated(_) | SecondStepEvent::MfaTurnedOff(_) => member.reset = false,
            SecondStepEvent::MfaResetForced(_) => member.reset = true,
            SecondStepEvent::SecondStepLocked(_) => member.locked = true,
            SecondStepEvent::SecondStepUnlocked(_) => member.locked = false,
            _ => {}
        }
    }
}

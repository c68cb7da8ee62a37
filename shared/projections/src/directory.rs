//! The directory: every company's policy, groups and people, as far as rules and lists need them.
//!
//! Personal data stays sealed here as in the log; whoever may see a name opens it with the vault.

use std::collections::{BTreeMap, HashMap};

use twostep_domain::company::{Company, CompanyEvent, CompanyState, Registered};
use twostep_domain::group::{self, Group, GroupEvent, GroupState};
use twostep_domain::member::{MemberEvent, SealedIdentity};
use twostep_domain::second_step::{Outline, SecondStepEvent};
use twostep_domain::{
    Aggregate as _, CompanyId, DecodeError, Digest, Enforcing, Event as _, GroupId, MemberId, Role, Roles,
    SessionId, StreamKind, Time,
};
use twostep_event_store::RecordedEvent;

use crate::Projection;

/// How deep groups may nest before a chain is cut: two moves at once could tie a circle.
const DEEPEST: usize = 64;

/// Every company.
#[derive(Default, PartialEq)]
pub struct Directory {
    companies: HashMap<CompanyId, CompanyView>,
}

/// One company.
#[derive(Default, PartialEq)]
pub struct CompanyView {
    company: CompanyState,
    revision: u64,
    groups: HashMap<GroupId, (GroupState, u64)>,
    members: BTreeMap<MemberId, MemberView>,
}

/// One person, as rules and lists see them.
#[derive(Clone, Debug, PartialEq)]
pub struct MemberView {
    /// Who it is, sealed.
    pub identity: Option<Box<SealedIdentity>>,
    /// What they may do.
    pub roles: Roles,
    /// Their technician group.
    pub group: Option<GroupId>,
    /// Whether they can sign in.
    pub standing: Standing,
    /// When they were last enabled again: what they had open before is over (S16).
    pub enabled_again: Option<Time>,
    /// Their password, as far as sessions are judged by it; none yet: they were invited.
    pub password: Option<PasswordMark>,
    /// Whether an administrator's reset was the last that became of their two-step verification.
    pub reset: bool,
    /// What is set up, and what their console can show.
    pub second_step: Outline,
    /// Whether wrong codes locked their second step.
    pub locked: bool,
    /// The last revision of their member stream.
    pub revision: u64,
}

/// Which password it is: what began with an older one is over (S16).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PasswordMark {
    /// The revision of the member's stream at which it was set.
    pub revision: u64,
    /// The session in which it was changed, which lives on.
    pub kept: Option<SessionId>,
    /// Whether it has the length to be asked for alone (S32).
    pub long: bool,
}

/// Whether somebody can sign in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// With a password, or a first one to set.
    Enabled,
    /// Not at present.
    Disabled,
    /// Never again: the data is gone.
    Erased,
}

impl Projection for Directory {
    const NAME: &'static str = "directory";

    fn apply(&mut self, event: &RecordedEvent) -> Result<(), DecodeError> {
        let envelope = &event.envelope;
        let (name, version, data) = (envelope.event_type.as_str(), envelope.version, event.data.as_slice());
        let revision = envelope.revision.0;
        let company = self.companies.entry(envelope.company).or_default();
        let id = envelope.key.uuid();
        match (envelope.kind, id) {
            (StreamKind::Company, _) => {
                company.apply_company(&CompanyEvent::decode(name, version, data)?, revision)
            }
            (StreamKind::Group, Some(id)) => {
                company.apply_group(GroupId(id), &GroupEvent::decode(name, version, data)?, revision);
            }
            (StreamKind::Member, Some(id)) => {
                let change = MemberEvent::decode(name, version, data)?;
                company.apply_member(MemberId(id), change, revision, envelope.recorded_at);
            }
            (StreamKind::SecondStep, Some(id)) => {
                company.apply_second_step(MemberId(id), &SecondStepEvent::decode(name, version, data)?);
            }
            (
                StreamKind::Group
                | StreamKind::Member
                | StreamKind::SecondStep
                | StreamKind::Login
                | StreamKind::Password
                | StreamKind::Delivery,
                _,
            ) => {}
        }
        Ok(())
    }
}

impl Directory {
    /// The company `id`.
    #[must_use]
    pub fn company(&self, id: CompanyId) -> Option<&CompanyView> {
        self.companies.get(&id).filter(|company| company.registered().is_some())
    }

    /// Every company.
    pub fn companies(&self) -> impl Iterator<Item = &Registered> {
        self.companies.values().filter_map(CompanyView::registered)
    }

    /// Who is an enabled Master Admin by role and not in the roster, or the other way round: a change over the two streams is
    /// underway or was cut short. The account holder is always in it.
    #[must_use]
    pub fn amiss_in_rosters(&self) -> Vec<(CompanyId, MemberId)> {
        let companies = self.companies.iter().filter_map(|(id, view)| Some((*id, view, view.registered()?)));
        let amiss = companies.flat_map(|(id, view, company)| {
            let others = view.members(None).filter(|(member, _)| *member != company.account_holder());
            let amiss = others.filter(|(id, member)| {
                let master = member.roles.has(Role::MasterAdmin) && member.standing == Standing::Enabled;
                master != company.is_master_admin(*id)
            });
            amiss.map(move |(member, _)| (id, member))
        });
        amiss.collect()
    }

    /// The only company, where there is one only.
    #[must_use]
    pub fn only_company(&self) -> Option<CompanyId> {
        let mut companies = self.companies.iter().filter(|(_, company)| company.registered().is_some());
        match (companies.next(), companies.next()) {
            (Some((id, _)), None) => Some(*id),
            _ => None,
        }
    }
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

    fn apply_company(&mut self, event: &CompanyEvent, revision: u64) {
        self.company = Company::evolve(std::mem::take(&mut self.company), event);
        self.revision = revision;
    }

    fn apply_group(&mut self, id: GroupId, event: &GroupEvent, revision: u64) {
        let (group, at) = self.groups.entry(id).or_default();
        *group = Group::evolve(std::mem::take(group), event);
        *at = revision;
    }

    fn apply_member(&mut self, id: MemberId, event: MemberEvent, revision: u64, at: Time) {
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

    fn apply_second_step(&mut self, id: MemberId, event: &SecondStepEvent) {
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

impl MemberView {
    /// The keyed hash of the work address; none once erased.
    #[must_use]
    pub fn work_address(&self) -> Option<Digest> {
        self.identity.as_ref().map(|identity| identity.email_hash.clone())
    }

    fn apply(&mut self, event: MemberEvent, at: Time) {
        match event {
            MemberEvent::MemberInvited(_)
            | MemberEvent::MemberAdded(_)
            | MemberEvent::InvitationRenewed(_)
            | MemberEvent::PasswordResetRequested(_)
            | MemberEvent::NoticeRequested(_)
            | MemberEvent::RequestAnswered(_) => {}
            MemberEvent::MemberRolesChanged(event) => self.roles = event.new,
            MemberEvent::MemberMoved(event) => self.group = event.new,
            MemberEvent::MemberDisabled(_) => self.standing = Standing::Disabled,
            MemberEvent::MemberEnabled(_) => {
                self.standing = Standing::Enabled;
                self.enabled_again = Some(at);
            }
            MemberEvent::PasswordChanged(event) => {
                self.password =
                    Some(PasswordMark { revision: self.revision, kept: event.kept, long: event.long });
            }
            MemberEvent::MemberErased(_) => {
                self.standing = Standing::Erased;
                self.identity = None;
                self.second_step = Outline::default();
            }
        }
    }
}

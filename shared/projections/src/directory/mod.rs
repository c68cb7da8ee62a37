//! The directory: every company's policy, groups and people, as far as rules and lists need them.
//!
//! Personal data stays sealed here as in the log; whoever may see a name opens it with the vault.

mod company;
mod member;

use std::collections::HashMap;

use twostep_domain::company::{CompanyEvent, Registered};
use twostep_domain::group::GroupEvent;
use twostep_domain::member::MemberEvent;
use twostep_domain::second_step::SecondStepEvent;
use twostep_domain::{CompanyId, DecodeError, Event as _, GroupId, MemberId, Role, StreamKind};
use twostep_event_store::RecordedEvent;

pub use company::CompanyView;
pub use member::{MemberView, PasswordMark, Standing};

use crate::Projection;

/// Every company.
#[derive(Default, PartialEq)]
pub struct Directory {
    companies: HashMap<CompanyId, CompanyView>,
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

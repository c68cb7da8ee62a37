//! Who may do what: roles, reach, and the company's Master Account Holder (S22).

use secrecy::ExposeSecret as _;
use twostep_domain::{CompanyId, GroupId, MemberId, Role, Roles};
use twostep_projections::{CompanyView, MemberView, Standing};
use twostep_vault::Field;

use crate::{Commands, Fault};

/// The person who asks, with what they may do at this moment.
#[derive(Clone, Debug)]
pub struct Principal {
    /// Their company: it comes from the token, never from the path.
    pub company: CompanyId,
    /// Who.
    pub member: MemberId,
    /// Their roles.
    pub roles: Roles,
    /// Whether they hold the account.
    pub account_holder: bool,
}

/// What an action needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Authority {
    /// A Master Admin.
    MasterAdmin,
    /// A Master Admin, or an Admin to whom this group or one above it is assigned.
    Group(GroupId),
    /// The same for a person: an Admin reaches members of own groups who are no Master Admins, and nobody themselves.
    Person(MemberId),
    /// The Master Account Holder.
    AccountHolder,
}

impl Principal {
    /// `member` of `view`; none: there is no such person.
    #[must_use]
    pub fn of(company: CompanyId, member: MemberId, view: &CompanyView) -> Option<Self> {
        let person = view.member(member)?;
        let registered = view.registered()?;
        let mut roles = person.roles.clone();
        // Both streams must say so: in the middle of a change over the two, whoever one of them demotes is no Master Admin.
        if !registered.is_master_admin(member) {
            roles.0.remove(&Role::MasterAdmin);
        }
        Some(Self { company, member, roles, account_holder: registered.account_holder() == member })
    }

    /// Whether they are a Master Admin.
    #[must_use]
    pub fn is_master_admin(&self) -> bool {
        self.roles.has(Role::MasterAdmin)
    }

    /// Whether they see `group`: auditors see all, Admins their own and those below.
    #[must_use]
    pub fn sees_group(&self, group: GroupId, view: &CompanyView) -> bool {
        view.group(group).is_some()
            && (self.roles.has(Role::Auditor) || self.has(Authority::Group(group), view))
    }

    /// Whether they see `member`: Master Admins and auditors see everybody, Admins the people of own groups, everybody
    /// themselves.
    #[must_use]
    pub fn sees_member(&self, member: MemberId, view: &CompanyView) -> bool {
        let Some(person) = view.member(member) else { return false };
        member == self.member
            || self.is_master_admin()
            || self.roles.has(Role::Auditor)
            || person.group.is_some_and(|group| self.has(Authority::Group(group), view))
    }

    /// The roles that `member` of `view` has or, while disabled, gets back when enabled: the roster drops whoever can't sign in.
    #[must_use]
    pub fn roles_of(company: CompanyId, member: MemberId, view: &CompanyView) -> Roles {
        match view.member(member) {
            Some(person) if person.standing == Standing::Disabled => person.roles.clone(),
            _ => Self::of(company, member, view).map(|person| person.roles).unwrap_or_default(),
        }
    }

    /// Whether they have `authority` in `view`.
    #[must_use]
    pub fn has(&self, authority: Authority, view: &CompanyView) -> bool {
        let admin = self.roles.has(Role::Admin);
        match authority {
            Authority::AccountHolder => self.account_holder,
            Authority::MasterAdmin => self.is_master_admin(),
            Authority::Group(group) => {
                self.is_master_admin() || admin && view.manages(self.member, Some(group))
            }
            Authority::Person(member) => {
                let person = view.member(member);
                // Out of the roster while disabled, a Master Admin is none for others to enable again.
                let master = view.registered().is_none_or(|company| company.is_master_admin(member))
                    || person.is_some_and(|person| person.roles.has(Role::MasterAdmin));
                let own = || person.is_some_and(|person| view.manages(self.member, person.group));
                member != self.member && (self.is_master_admin() || admin && !master && own())
            }
        }
    }
}

/// How many administrators somebody is told of who needs one.
const NAMED: usize = 3;

impl Commands {
    /// The names of some who can unlock or reset `member`: Admins of the own group, else Master Admins.
    ///
    /// # Errors
    /// The directory's.
    pub async fn administrators_of(
        &self,
        company: CompanyId,
        member: MemberId,
    ) -> Result<Vec<String>, Fault> {
        let directory = self.checks.fenced(company).await?;
        let Some(view) = directory.company(company) else { return Ok(Vec::new()) };
        let able = view.members(None).filter(|(_, person)| {
            let administers = person.roles.has(Role::Admin) || person.roles.has(Role::MasterAdmin);
            administers && person.standing == Standing::Enabled && person.password.is_some()
        });
        let reaching = able.filter_map(|(id, person)| {
            let principal = Principal::of(company, id, view)?;
            principal.has(Authority::Person(member), view).then_some((principal, person))
        });
        let (masters, own): (Vec<_>, Vec<_>) =
            reaching.partition(|(principal, _)| principal.is_master_admin());
        let named = if own.is_empty() { masters } else { own };
        let name = |(principal, person): (Principal, &MemberView)| {
            let sealed = &person.identity.as_ref()?.name;
            // Whoever can't be named is left out: that is no reason to refuse somebody else's sign-in.
            let name = self.open(company, principal.member, Field::Name, sealed).ok()?;
            Some(name.expose_secret().to_owned())
        };
        Ok(named.into_iter().filter_map(name).take(NAMED).collect())
    }
}

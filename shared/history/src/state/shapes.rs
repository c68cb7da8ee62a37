//! What is told of a company, a group and a person, in the words that their events use.

use std::collections::BTreeSet;

use serde::Serialize;
use twostep_domain::company::{Branding, Epoch, Policy, Texting};
use twostep_domain::group::Enforcement;
use twostep_domain::member::SealedIdentity;
use twostep_domain::second_step::{Enrolled, Judgement};
use twostep_domain::{Country, Enforcing, GroupId, Locale, MemberId, Name, Roles, Slug, TimeZone};
use twostep_projections::{CompanyView, Standing};

#[derive(Serialize)]
pub(super) struct Company<'a> {
    slug: &'a Slug,
    name: &'a Name,
    country: Country,
    locale: Locale,
    time_zone: &'a TimeZone,
    branding: &'a Branding,
    account_holder: MemberId,
    master_admins: Vec<MemberId>,
    policy: &'a Policy,
    required_epoch: Epoch,
    sms_countries: &'a BTreeSet<Country>,
    groups: usize,
    people: People,
}

/// How many there are.
#[derive(Default, Serialize)]
struct People {
    enabled: u64,
    disabled: u64,
    erased: u64,
}

pub(super) fn company(view: &CompanyView) -> Option<Company<'_>> {
    let company = view.registered()?;
    let mut people = People::default();
    for (_, person) in view.members(None) {
        *match person.standing {
            Standing::Enabled => &mut people.enabled,
            Standing::Disabled => &mut people.disabled,
            Standing::Erased => &mut people.erased,
        } += 1;
    }
    Some(Company {
        slug: company.slug(),
        name: company.name(),
        country: company.country(),
        locale: company.locale(),
        time_zone: company.time_zone(),
        branding: company.branding(),
        account_holder: company.account_holder(),
        master_admins: company.master_admins().collect(),
        policy: company.policy(),
        required_epoch: company.required_epoch(),
        sms_countries: company.sms_countries(),
        groups: view.groups().count(),
        people,
    })
}

#[derive(Serialize)]
pub(super) struct Group<'a> {
    name: &'a Name,
    parent: Option<GroupId>,
    enforcement: Enforcement,
    /// Whether its technicians had to verify in the mode *selected groups*.
    effective: bool,
    locked_by: Option<MemberId>,
    admins: &'a BTreeSet<MemberId>,
    /// How many there were; erased ones aside.
    members: usize,
}

/// With the revision of its stream.
pub(super) fn group(view: &CompanyView, id: GroupId) -> Option<(Group<'_>, u64)> {
    let (group, revision) = view.group(id)?;
    let group = group.created()?;
    let people = view.members(None).filter(|(_, person)| person.standing != Standing::Erased);
    let shape = Group {
        name: group.name(),
        parent: group.parent(),
        enforcement: group.enforcement(),
        effective: view.enforcing(Some(id)) == Enforcing::On,
        locked_by: group.locked_by(),
        admins: group.admins(),
        members: people.filter(|(_, person)| person.group == Some(id)).count(),
    };
    Some((shape, revision))
}

#[derive(Serialize)]
pub(super) struct Member<'a> {
    /// Gone with an erasure.
    identity: Option<&'a SealedIdentity>,
    roles: &'a Roles,
    account_holder: bool,
    group: Option<GroupId>,
    standing: &'static str,
    /// Whether they had set one.
    password: bool,
    locked: bool,
    enrolled: Option<&'a Enrolled>,
    /// Whether what is set up counted under the policy.
    counts: bool,
    judgement: Judgement,
}

pub(super) fn member(view: &CompanyView, id: MemberId) -> Option<Member<'_>> {
    let company = view.registered()?;
    let person = view.member(id)?;
    // Whether texts could be sent then isn't recorded; it changes neither whom the policy covers nor what counts.
    let requirement = view.requirement(id, Texting::Possible)?;
    let enrolled = person.second_step.enrolled();
    Some(Member {
        identity: person.identity.as_deref(),
        roles: &person.roles,
        account_holder: company.account_holder() == id,
        group: person.group,
        standing: match person.standing {
            Standing::Enabled => "enabled",
            Standing::Disabled => "disabled",
            Standing::Erased => "erased",
        },
        password: person.password.is_some(),
        locked: person.locked,
        enrolled,
        counts: enrolled.is_some_and(|enrolled| requirement.counts(enrolled.epoch, enrolled.company)),
        judgement: requirement.judgement,
    })
}

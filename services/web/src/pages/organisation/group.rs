//! `/organisation/groups/{id}`: a group's *Settings* tab.

use askama::Template;
use axum::extract::Path;
use twostep_api::{ChangeGroup, Choice, Enforcement, Group, Member, ProblemType, Role, Technicians};
use twostep_client::{Error, MembersPage};
use uuid::Uuid;

use super::{
    charge::Charge,
    overview::name_of,
    tree::{self, Branch},
};
use crate::{
    fields::{Asked, Fields},
    frame::Frame,
    meanwhile::{Said, differences, ticked},
    notice::Notice,
    render::{Answer, page_with},
    visitor::{SignedIn, status_of},
};

#[derive(Template)]
#[template(path = "organisation/group.html")]
struct GroupPage {
    frame: Frame,
    group: Group,
    etag: String,
    /// What the form of the box said when it was drawn.
    box_drawn: [Said; 2],
    /// The same of the form of name and place.
    place_drawn: [Said; 2],
    /// Why the box has no effect now; empty: it has.
    no_effect: &'static str,
    /// Whether this person may change the box now.
    open: bool,
    /// Whether they are in charge of the group, or look on.
    in_charge: bool,
    locked_by: String,
    locked_above: String,
    master: bool,
    /// Whether the group's Admins are shown: to those who assign them, and to auditors.
    shows_admins: bool,
    parents: Vec<Branch>,
    admins: Vec<Named>,
    others: Vec<Named>,
}

impl GroupPage {
    /// A head-count in words.
    #[allow(
        clippy::unused_self,
        clippy::trivially_copy_pass_by_ref,
        reason = "templates call methods, with references"
    )]
    fn people(&self, count: &u64) -> String {
        if *count == 1 { "1 person".to_owned() } else { format!("{count} people") }
    }
}

/// A person by name.
struct Named {
    id: Uuid,
    name: String,
}

/// The page.
pub(crate) async fn show(signed_in: SignedIn, Path(id): Path<Uuid>, Asked(asked): Asked) -> Answer {
    let notice = match asked.text("done") {
        "saved" => Some(Notice::good("Saved", "")),
        _ => None,
    };
    draw(&signed_in, id, notice, &Wanted::Nothing).await
}

/// What a form wanted of the group, to be compared with what is in force where somebody else was faster.
pub(super) enum Wanted {
    /// Nothing that somebody else's change stands in the way of.
    Nothing,
    /// The box, and its form.
    Box(Enforcement, Fields),
    /// The lock.
    Lock(bool),
    /// The name and the group above, and their form.
    Place(ChangeGroup, Fields),
}

impl Wanted {
    fn differences(&self, group: &Group, groups: &[Group]) -> Vec<String> {
        match self {
            Self::Nothing => Vec::new(),
            Self::Box(asked, form) => differences(form, box_said(group.enforcement), box_said(*asked)),
            Self::Lock(asked) => {
                let said = |locked| [("Locked", ticked(locked))];
                differences(&Fields::default(), said(group.locked_by.is_some()), said(*asked))
            }
            Self::Place(asked, form) => {
                let now = place_said(groups, &group.name, group.parent);
                differences(form, now, place_said(groups, &asked.name, asked.parent))
            }
        }
    }
}

/// What the form of a box says, in words.
fn box_said(enforcement: Enforcement) -> [Said; 2] {
    [
        ("Two-step verification", says(enforcement.choice)),
        ("Also subgroups", ticked(enforcement.also_subgroups)),
    ]
}

/// What the form of name and place says.
fn place_said(groups: &[Group], name: &str, parent: Option<Uuid>) -> [Said; 2] {
    [("Name", name.to_owned()), ("Lies in", name_of(groups, parent))]
}

fn says(choice: Choice) -> String {
    match choice {
        Choice::Enforce => "enforce",
        Choice::Follow => "follow the group above",
        Choice::Dont => "don't enforce",
    }
    .to_owned()
}

/// The page with `notice`.
pub(super) async fn draw(signed_in: &SignedIn, id: Uuid, notice: Option<Notice>, wanted: &Wanted) -> Answer {
    signed_in.sees_organisation()?;
    let company = signed_in.company();
    let group = signed_in.client().group(company, id).await?;
    let groups = signed_in.client().groups(company).await?.groups;
    let mode = mode(signed_in).await?;
    let (etag, group) = (group.etag.unwrap_or_default(), group.value);
    let master = signed_in.is_master();
    // Only they assign Admins, and see who could be.
    let people = if master { all_admins(signed_in).await? } else { Vec::new() };
    let locked = group.locked_by.is_some() || group.locked_above.is_some();
    let notice = notice.map(|notice| notice.meanwhile(|| wanted.differences(&group, &groups)));
    let in_charge = Charge::of(&signed_in.me, &groups).group(id);
    let page = GroupPage {
        no_effect: no_effect(mode),
        box_drawn: box_said(group.enforcement),
        place_drawn: place_said(&groups, &group.name, group.parent),
        open: in_charge && no_effect(mode).is_empty() && (master || !locked),
        in_charge,
        shows_admins: master || signed_in.me.roles.contains(&Role::Auditor),
        locked_by: match group.locked_by {
            Some(by) => name(signed_in, &people, by).await?,
            None => String::new(),
        },
        locked_above: name_of(&groups, group.locked_above),
        parents: tree::branches(&groups).into_iter().filter(|branch| branch.id != id).collect(),
        admins: assigned(signed_in, &people, &group).await?,
        others: assignable(&people, &group),
        master,
        etag,
        frame: signed_in.frame(&group.name, notice),
        group,
    };
    page_with(status_of(page.frame.notice.as_ref()), &page)
}

/// The policy's mode for technicians; none: this person may not read it.
async fn mode(signed_in: &SignedIn) -> Result<Option<Technicians>, Error> {
    match signed_in.client().policy(signed_in.company()).await {
        Ok(policy) => Ok(Some(policy.value.technicians)),
        Err(error) if error.problem_type() == Some(ProblemType::Forbidden) => Ok(None),
        Err(error) => Err(error),
    }
}

fn no_effect(mode: Option<Technicians>) -> &'static str {
    match mode {
        Some(Technicians::All) => "all technicians must verify already, whatever the groups' boxes say",
        Some(Technicians::None) => "Global Settings ask no technician to verify",
        Some(Technicians::SelectedGroups) | None => "",
    }
}

fn assignable(people: &[Member], group: &Group) -> Vec<Named> {
    let free = |person: &&Member| person.roles.contains(&Role::Admin) && !group.admins.contains(&person.id);
    let named = |person: &Member| Some(Named { id: person.id, name: person.name.clone()? });
    people.iter().filter(free).filter_map(named).collect()
}

/// Every Admin of the company.
async fn all_admins(signed_in: &SignedIn) -> Result<Vec<Member>, Error> {
    let page = MembersPage { role: Some(Role::Admin), limit: Some(200), ..MembersPage::default() };
    signed_in.client().all_members(signed_in.company(), page).await
}

async fn assigned(signed_in: &SignedIn, people: &[Member], group: &Group) -> Result<Vec<Named>, Error> {
    let mut named = Vec::with_capacity(group.admins.len());
    for id in group.admins.iter().copied() {
        named.push(Named { id, name: name(signed_in, people, id).await? });
    }
    Ok(named)
}

/// What an administrator is called, as far as this person may know.
async fn name(signed_in: &SignedIn, people: &[Member], id: Uuid) -> Result<String, Error> {
    if id == signed_in.me.id {
        return Ok(signed_in.me.name.clone());
    }
    let known = match people.iter().find(|person| person.id == id) {
        Some(person) => person.name.clone(),
        None => match signed_in.client().member(signed_in.company(), id).await {
            Ok(person) => person.value.name,
            Err(error) if error.problem_type() == Some(ProblemType::NotFound) => None,
            Err(error) => return Err(error),
        },
    };
    Ok(known.unwrap_or_else(|| "an administrator".to_owned()))
}

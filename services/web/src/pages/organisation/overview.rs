//! The tree, the people, and what is done with several of them.

use askama::Template;
use twostep_api::{Activation, Group, Member, Members, ProblemType, ResetResult, Role, Standing};
use twostep_client::{Error, MembersPage};
use uuid::Uuid;

use super::{
    charge::Charge,
    tree::{self, Branch},
};
use crate::{
    fields::{Asked, Fields},
    frame::Frame,
    notice::Notice,
    render::{Answer, page_with},
    visitor::{SignedIn, status_of},
    words,
};

/// People on one page.
const PAGE: u16 = 50;

#[derive(Template)]
#[template(path = "organisation/overview.html")]
struct OrganisationPage {
    frame: Frame,
    groups: Vec<Branch>,
    people: Vec<Person>,
    /// The group whose people are shown; none: everybody's.
    of: Option<String>,
    next: Option<String>,
    shown: Shown,
    master: bool,
    /// Whether they change anything here, or look on.
    changes: bool,
    /// Whether somebody may be shown masked.
    masks: bool,
    /// The groups to invite somebody into.
    own_groups: Vec<Branch>,
    roles: Vec<RoleBox>,
    typed: Typed,
}

/// A row of the list of people.
pub(super) struct Person {
    pub(super) id: Uuid,
    pub(super) name: String,
    pub(super) login: String,
    pub(super) roles: String,
    pub(super) group: String,
    pub(super) standing: &'static str,
    pub(super) standing_class: &'static str,
    pub(super) activation: &'static str,
    pub(super) activation_class: &'static str,
    pub(super) locked: bool,
    pub(super) covered: bool,
    /// Whether the data is gone: then there is nothing to reset.
    pub(super) erased: bool,
    /// Whether it is the one who looks: nobody resets themselves.
    pub(super) own: bool,
    /// Whether the one who looks is in charge of them.
    pub(super) in_charge: bool,
}

/// A role to tick.
pub(super) struct RoleBox {
    pub(super) key: &'static str,
    pub(super) name: &'static str,
    pub(super) ticked: bool,
}

/// Which people are shown.
#[derive(Default)]
struct Shown {
    of: Option<Uuid>,
    cursor: Option<String>,
    /// The login or address that is sought; empty: none.
    find: String,
}

/// What was typed into the invitation.
#[derive(Default)]
struct Typed {
    name: String,
    email: String,
    login: String,
    group: Option<Uuid>,
    open: bool,
}

/// The page.
pub(crate) async fn show(signed_in: SignedIn, Asked(asked): Asked) -> Answer {
    let notice = match asked.text("done") {
        "invited" => Some(Notice::good("Invited", "A link to set the first password is on its way.")),
        "group-created" => Some(Notice::good("The group is created", "")),
        "erased" => {
            Some(Notice::good("The personal data is erased", "The history stays provable without it."))
        }
        _ => None,
    };
    draw(&signed_in, &asked, None, notice).await
}

/// The page; `invitation` holds what was typed into that form.
pub(super) async fn draw(
    signed_in: &SignedIn,
    asked: &Fields,
    invitation: Option<&Fields>,
    notice: Option<Notice>,
) -> Answer {
    signed_in.sees_organisation()?;
    let company = signed_in.company();
    let groups = signed_in.client().groups(company).await?.groups;
    let (of, find) = (asked.id("of"), asked.owned("find"));
    let cursor = asked.said("cursor").map(str::to_owned);
    let members = if find.is_empty() {
        let page =
            MembersPage { cursor: cursor.clone(), limit: Some(PAGE), group: of, ..MembersPage::default() };
        signed_in.client().members(company, &page).await?
    } else {
        found(signed_in, &find).await?
    };
    let charge = Charge::of(&signed_in.me, &groups);
    let own = |branch: &Branch| charge.group(branch.id);
    let page = OrganisationPage {
        people: members.members.iter().map(|member| person(member, &groups, &charge)).collect(),
        changes: charge.any(),
        masks: !signed_in.is_master() && signed_in.me.roles.contains(&Role::Auditor),
        own_groups: tree::branches(&groups).into_iter().filter(own).collect(),
        next: members.next.map(|cursor| next(&cursor, of)),
        shown: Shown { of, cursor, find },
        of: of.map(|of| name_of(&groups, Some(of))),
        groups: tree::branches(&groups),
        master: signed_in.is_master(),
        roles: role_boxes(signed_in, invitation),
        typed: invitation.map(typed).unwrap_or_default(),
        frame: signed_in.frame("Organisation", notice),
    };
    page_with(status_of(page.frame.notice.as_ref()), &page)
}

/// Whoever has this login or work address.
async fn found(signed_in: &SignedIn, text: &str) -> Result<Members, Error> {
    let (text, none) = (Some(text.to_owned()), MembersPage::default);
    let mut found = Members { members: Vec::new(), next: None };
    for page in [MembersPage { login: text.clone(), ..none() }, MembersPage { email: text.clone(), ..none() }]
    {
        match signed_in.client().all_members(signed_in.company(), page).await {
            Ok(members) => found.members.extend(members),
            // What can be no login, or no address, is nobody's.
            Err(error) if error.problem_type() == Some(ProblemType::InvalidFields) => {}
            Err(error) => return Err(error),
        }
    }
    found.members.sort_by_key(|member| member.id);
    found.members.dedup_by_key(|member| member.id);
    Ok(found)
}

fn next(cursor: &str, of: Option<Uuid>) -> String {
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    query.append_pair("cursor", cursor);
    if let Some(of) = of {
        query.append_pair("of", &of.to_string());
    }
    format!("/organisation?{}", query.finish())
}

pub(super) fn person(member: &Member, groups: &[Group], charge: &Charge<'_>) -> Person {
    Person {
        id: member.id,
        name: member.name.clone().unwrap_or_else(|| "(erased)".to_owned()),
        login: member.login.clone().unwrap_or_default(),
        roles: if member.account_holder {
            format!("{}, account holder", words::roles(&member.roles))
        } else {
            words::roles(&member.roles)
        },
        group: name_of(groups, member.group),
        standing: words::standing(member.standing),
        standing_class: if member.standing == Standing::Disabled { "bad" } else { "" },
        activation: words::activation(member.activation, member.covered),
        activation_class: if member.activation == Activation::On { "good" } else { "" },
        locked: member.locked,
        covered: member.covered,
        erased: member.standing == Standing::Erased,
        own: charge.is_own(member),
        in_charge: charge.person(member),
    }
}

pub(super) fn name_of(groups: &[Group], id: Option<Uuid>) -> String {
    let named = id.and_then(|id| groups.iter().find(|group| group.id == id));
    named.map(|group| group.name.clone()).unwrap_or_default()
}

fn role_boxes(signed_in: &SignedIn, typed: Option<&Fields>) -> Vec<RoleBox> {
    let shown = words::ROLES.into_iter().filter(|role| signed_in.is_master() || *role == Role::Technician);
    let ticked = |key| match typed {
        Some(typed) => typed.all("role").any(|ticked| ticked == key),
        None => key == words::role_key(Role::Technician),
    };
    shown
        .map(|role| {
            let key = words::role_key(role);
            RoleBox { key, name: words::role(role), ticked: ticked(key) }
        })
        .collect()
}

fn typed(fields: &Fields) -> Typed {
    Typed {
        name: fields.owned("name"),
        email: fields.owned("email"),
        login: fields.owned("login"),
        group: fields.id("group"),
        open: true,
    }
}

/// What became of a reset, in a few sentences.
pub(super) fn reset_notice(result: &ResetResult, names: impl Fn(Uuid) -> String) -> Notice {
    let done = result.members.iter().filter(|outcome| outcome.reset).count();
    let refused: Vec<String> = result
        .members
        .iter()
        .filter(|outcome| !outcome.reset)
        .map(|outcome| {
            format!("{}: {}", names(outcome.member), outcome.reason.as_deref().unwrap_or("refused"))
        })
        .collect();
    let title = match done {
        1 => "1 person is reset".to_owned(),
        done => format!("{done} people are reset"),
    };
    let next = "Whoever must verify sets up again at the next sign-in. They are told by a notice.";
    match (done, refused.is_empty()) {
        (_, true) => Notice::good(&title, next),
        (0, false) => Notice::plain("Nobody is reset", &format!("{}.", refused.join("; "))),
        (_, false) => Notice::plain(&title, &format!("{next} Not reset: {}.", refused.join("; "))),
    }
}

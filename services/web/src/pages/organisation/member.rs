//! `/organisation/members/{id}`: one person.

use askama::Template;
use axum::extract::Path;
use twostep_api::{Group, Member, Role, Standing};
use twostep_client::Versioned;
use uuid::Uuid;

use super::{
    charge::Charge,
    overview::{self, Person, RoleBox, person},
    tree::{self, Branch},
};
use crate::{
    fields::{Asked, Fields},
    frame::Frame,
    meanwhile::differences,
    notice::Notice,
    render::{Answer, page_with},
    visitor::{SignedIn, status_of},
    words,
};

#[derive(Template)]
#[template(path = "organisation/member.html")]
struct MemberPage {
    frame: Frame,
    member: Member,
    etag: String,
    person: Person,
    groups: Vec<Branch>,
    roles: Vec<RoleBox>,
    master: bool,
    /// Whether the one who looks changes anything here.
    changes: bool,
    /// Whether the one who looks may hand the account to this person.
    hand_over: bool,
}

/// The page.
pub(crate) async fn show(signed_in: SignedIn, Path(id): Path<Uuid>, Asked(asked): Asked) -> Answer {
    let notice = match asked.text("done") {
        "saved" => Some(Notice::good("Saved", "")),
        "invited" => {
            Some(Notice::good("A new invitation is on its way", "The link before it doesn't work any more."))
        }
        "unlocked" => Some(Notice::good("Unlocked", "The next try is heard at once.")),
        _ => None,
    };
    draw(&signed_in, id, notice, &Wanted::Nothing).await
}

/// What a form wanted of the person, to be compared with what is in force where somebody else was faster.
pub(super) enum Wanted {
    /// Nothing that somebody else's change stands in the way of.
    Nothing,
    /// The roles.
    Roles(Vec<Role>),
    /// The group.
    Group(Option<Uuid>),
    /// Whether they can sign in.
    Enabled(bool),
}

impl Wanted {
    fn differences(&self, member: &Member, groups: &[Group]) -> Vec<String> {
        let (name, now, asked) = match self {
            Self::Nothing => return Vec::new(),
            Self::Roles(asked) => ("Roles", words::roles(&member.roles), words::roles(asked)),
            Self::Group(asked) => (
                "Technician group",
                overview::name_of(groups, member.group),
                overview::name_of(groups, *asked),
            ),
            Self::Enabled(asked) => {
                let enabled = !matches!(member.standing, Standing::Disabled | Standing::Erased);
                let word = |enabled| if enabled { "enabled" } else { "disabled" }.to_owned();
                ("Access", word(enabled), word(*asked))
            }
        };
        // Each of the forms is about this one value: whoever sent it meant it.
        differences(&Fields::default(), [(name, now)], [(name, asked)])
    }
}

/// The page with `notice`.
pub(super) async fn draw(signed_in: &SignedIn, id: Uuid, notice: Option<Notice>, wanted: &Wanted) -> Answer {
    signed_in.sees_organisation()?;
    let company = signed_in.company();
    let Versioned { value: member, etag } = signed_in.client().member(company, id).await?;
    let groups = signed_in.client().groups(company).await?.groups;
    let charge = Charge::of(&signed_in.me, &groups);
    let person = person(&member, &groups, &charge);
    let roles = words::ROLES.into_iter().map(|role| RoleBox {
        key: words::role_key(role),
        name: words::role(role),
        ticked: member.roles.contains(&role),
    });
    let notice = notice.map(|notice| notice.meanwhile(|| wanted.differences(&member, &groups)));
    let page = MemberPage {
        etag: etag.unwrap_or_default(),
        roles: roles.collect(),
        groups: tree::branches(&groups),
        master: signed_in.is_master(),
        changes: charge.any(),
        hand_over: signed_in.me.account_holder && member.roles.contains(&Role::MasterAdmin) && !person.own,
        frame: signed_in.frame(&person.name, notice),
        person,
        member,
    };
    page_with(status_of(page.frame.notice.as_ref()), &page)
}

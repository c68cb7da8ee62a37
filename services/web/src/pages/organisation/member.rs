//! `/organisation/members/{id}`: one person.

use askama::Template;
use axum::extract::Path;
use twostep_api::{Member, Standing};
use uuid::Uuid;

use super::{
    overview::{Person, RoleBox, person},
    tree::{self, Branch},
};
use crate::{
    fields::Asked,
    frame::Frame,
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
    person: Person,
    groups: Vec<Branch>,
    roles: Vec<RoleBox>,
    master: bool,
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
    draw(&signed_in, id, notice).await
}

pub(super) async fn draw(signed_in: &SignedIn, id: Uuid, notice: Option<Notice>) -> Answer {
    signed_in.administers()?;
    let company = signed_in.company();
    let member = signed_in.client().member(company, id).await?.value;
    let groups = signed_in.client().groups(company).await?.groups;
    let person = person(&member, &groups, signed_in.me.id);
    let roles = words::ROLES.into_iter().map(|role| RoleBox {
        key: words::role_key(role),
        name: words::role(role),
        ticked: member.roles.contains(&role),
    });
    let page = MemberPage {
        roles: roles.collect(),
        groups: tree::branches(&groups),
        master: signed_in.is_master(),
        hand_over: signed_in.me.account_holder
            && member.roles.contains(&twostep_api::Role::MasterAdmin)
            && !person.own,
        frame: signed_in.frame(&person.name, notice),
        person,
        member,
    };
    page_with(status_of(page.frame.notice.as_ref()), &page)
}

//! *Force two-step verification reset* for the people ticked: asked once more, by name, before it happens.

use std::collections::HashMap;

use askama::Template;
use twostep_api::ResetMembers;
use uuid::Uuid;

use super::overview;
use crate::{
    fields::Fields,
    frame::Frame,
    notice::Notice,
    render::{Answer, page},
    visitor::SignedIn,
};

#[derive(Template)]
#[template(path = "organisation/reset.html")]
struct ResetPage {
    frame: Frame,
    /// Ids and names of whoever is ticked.
    people: Vec<(Uuid, String)>,
    reason: String,
    /// Which part of the list they were ticked in.
    of: Option<Uuid>,
    cursor: String,
}

/// Asks whether it is these people; once that is said, resets them and says what became of each.
pub(crate) async fn send(signed_in: SignedIn, fields: Fields) -> Answer {
    let members: Vec<Uuid> = fields.all("member").filter_map(|id| id.parse().ok()).collect();
    if members.is_empty() {
        let notice = Notice::bad(
            "Nobody is ticked",
            "Tick the people whose two-step verification is to be reset, then press the button again.",
        );
        return overview::draw(&signed_in, &fields, None, Some(notice)).await;
    }
    if !fields.ticked("sure") {
        return ask(&signed_in, &members, &fields).await;
    }
    let reset = ResetMembers { members, reason: fields.owned("reason") };
    let notice = match signed_in.client_once(&fields).reset_members(signed_in.company(), &reset).await {
        Ok(result) => {
            let mut names = HashMap::new();
            for outcome in result.members.iter().filter(|outcome| !outcome.reset) {
                names.insert(outcome.member, name(&signed_in, outcome.member).await);
            }
            overview::reset_notice(&result, |id| names.get(&id).cloned().unwrap_or_default())
        }
        Err(error) => Notice::refused(error)?,
    };
    overview::draw(&signed_in, &fields, None, Some(notice)).await
}

async fn ask(signed_in: &SignedIn, members: &[Uuid], fields: &Fields) -> Answer {
    signed_in.sees_organisation()?;
    let mut people = Vec::with_capacity(members.len());
    for id in members {
        people.push((*id, name(signed_in, *id).await));
    }
    page(&ResetPage {
        people,
        reason: fields.owned("reason"),
        of: fields.id("of"),
        cursor: fields.owned("cursor"),
        frame: signed_in.frame("Force two-step verification reset", None),
    })
}

/// What somebody is called; the id of whoever isn't to be seen.
async fn name(signed_in: &SignedIn, id: Uuid) -> String {
    let member = signed_in.client().member(signed_in.company(), id).await.ok();
    member.and_then(|member| member.value.name).unwrap_or_else(|| id.to_string())
}

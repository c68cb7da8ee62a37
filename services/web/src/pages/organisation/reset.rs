//! *Force two-step verification reset* for the people ticked.

use std::collections::HashMap;

use twostep_api::ResetMembers;
use uuid::Uuid;

use super::overview;
use crate::{fields::Fields, notice::Notice, render::Answer, visitor::SignedIn};

/// Resets them, and says what became of each.
pub(crate) async fn send(signed_in: SignedIn, fields: Fields) -> Answer {
    let members: Vec<Uuid> = fields.all("member").filter_map(|id| id.parse().ok()).collect();
    let notice = if members.is_empty() {
        Notice::bad(
            "Nobody is ticked",
            "Tick the people whose two-step verification is to be reset, then press the button again.",
        )
    } else {
        let reset = ResetMembers { members, reason: fields.owned("reason") };
        match signed_in.client_once(&fields).reset_members(signed_in.company(), &reset).await {
            Ok(result) => {
                let mut names = HashMap::new();
                for outcome in result.members.iter().filter(|outcome| !outcome.reset) {
                    names.insert(outcome.member, name(&signed_in, outcome.member).await);
                }
                overview::reset_notice(&result, |id| names.get(&id).cloned().unwrap_or_default())
            }
            Err(error) => Notice::refused(error)?,
        }
    };
    overview::draw(&signed_in, &fields, None, Some(notice)).await
}

/// What somebody is called; the id of whoever isn't to be seen.
async fn name(signed_in: &SignedIn, id: Uuid) -> String {
    let member = signed_in.client().member(signed_in.company(), id).await.ok();
    member.and_then(|member| member.value.name).unwrap_or_else(|| id.to_string())
}

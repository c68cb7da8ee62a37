//! *Force two-step verification reset* for the people ticked.

use twostep_api::ResetMembers;
use twostep_client::MembersPage;
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
        match signed_in.client().reset_members(signed_in.company(), &reset).await {
            Ok(result) => {
                let page = MembersPage { limit: Some(500), ..MembersPage::default() };
                let known = signed_in.client().members(signed_in.company(), &page).await?.members;
                let name =
                    |id| known.iter().find(|member| member.id == id).and_then(|member| member.name.clone());
                overview::reset_notice(&result, |id| name(id).unwrap_or_else(|| id.to_string()))
            }
            Err(error) => Notice::refused(error)?,
        }
    };
    overview::draw(&signed_in, &fields, None, Some(notice)).await
}

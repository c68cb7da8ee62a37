//! The forms of a person.

use axum::extract::Path;
use twostep_api::{ChangeRoles, ChangeStanding, MoveMember, TransferAccount};
use twostep_client::Error;
use uuid::Uuid;

use super::member::{self, Wanted};
use crate::{
    fields::Fields,
    notice::Notice,
    render::{Answer, redirect},
    visitor::SignedIn,
    words,
};

/// Sets the roles, on the revision that the page was drawn from.
pub(crate) async fn roles(signed_in: SignedIn, Path(id): Path<Uuid>, fields: Fields) -> Answer {
    let change = ChangeRoles { roles: words::roles_of(&fields) };
    let saved = signed_in.client().put_roles(signed_in.company(), id, fields.text("etag"), &change).await;
    answer(&signed_in, id, saved.map(|_| ()), "saved", &Wanted::Roles(change.roles)).await
}

/// Moves them to another group.
pub(crate) async fn group(signed_in: SignedIn, Path(id): Path<Uuid>, fields: Fields) -> Answer {
    let change = MoveMember { group: fields.id("group") };
    let saved = signed_in.client().put_group(signed_in.company(), id, fields.text("etag"), &change).await;
    answer(&signed_in, id, saved.map(|_| ()), "saved", &Wanted::Group(change.group)).await
}

/// Disables or enables them.
pub(crate) async fn standing(signed_in: SignedIn, Path(id): Path<Uuid>, fields: Fields) -> Answer {
    let change = ChangeStanding { enabled: fields.text("enabled") == "yes", reason: fields.owned("reason") };
    let saved = signed_in.client().put_standing(signed_in.company(), id, fields.text("etag"), &change).await;
    answer(&signed_in, id, saved.map(|_| ()), "saved", &Wanted::Enabled(change.enabled)).await
}

/// Ends the lock of their second step.
pub(crate) async fn unlock(signed_in: SignedIn, Path(id): Path<Uuid>) -> Answer {
    let saved = signed_in.client().unlock_member(signed_in.company(), id).await;
    answer(&signed_in, id, saved, "unlocked", &Wanted::Nothing).await
}

/// Sends a new invitation.
pub(crate) async fn renew(signed_in: SignedIn, Path(id): Path<Uuid>) -> Answer {
    let saved = signed_in.client().renew_invitation(signed_in.company(), id).await;
    answer(&signed_in, id, saved, "invited", &Wanted::Nothing).await
}

/// Hands the account over to them.
pub(crate) async fn hand_over(signed_in: SignedIn, Path(id): Path<Uuid>) -> Answer {
    let saved = signed_in.client().transfer_account(signed_in.company(), &TransferAccount { to: id }).await;
    answer(&signed_in, id, saved, "saved", &Wanted::Nothing).await
}

/// Erases their personal data, once the box is ticked too.
pub(crate) async fn erase(signed_in: SignedIn, Path(id): Path<Uuid>, fields: Fields) -> Answer {
    if !fields.ticked("sure") {
        let notice = Notice::bad(
            "Nothing was erased",
            "Tick the box to say that you are sure, then press the button again.",
        );
        return member::draw(&signed_in, id, Some(notice), &Wanted::Nothing).await;
    }
    match signed_in.client().erase_member(signed_in.company(), id).await {
        Ok(()) => Ok(redirect("/organisation?done=erased")),
        Err(error) => member::draw(&signed_in, id, Some(Notice::refused(error)?), &Wanted::Nothing).await,
    }
}

async fn answer(
    signed_in: &SignedIn,
    id: Uuid,
    saved: Result<(), Error>,
    done: &str,
    wanted: &Wanted,
) -> Answer {
    match saved {
        Ok(()) => Ok(redirect(&format!("/organisation/members/{id}?done={done}"))),
        Err(error) => member::draw(signed_in, id, Some(Notice::refused(error)?), wanted).await,
    }
}

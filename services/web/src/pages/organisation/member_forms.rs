//! The forms of a person.

use axum::extract::Path;
use twostep_api::{ChangeRoles, ChangeStanding, MoveMember, TransferAccount};
use twostep_client::Error;
use uuid::Uuid;

use super::member;
use crate::{
    fields::Fields,
    notice::Notice,
    render::{Answer, redirect},
    visitor::SignedIn,
    words,
};

/// Sets the roles.
pub(crate) async fn roles(signed_in: SignedIn, Path(id): Path<Uuid>, fields: Fields) -> Answer {
    let change = ChangeRoles { roles: words::roles_of(&fields) };
    let saved = signed_in.client().put_roles(signed_in.company(), id, &change).await;
    answer(&signed_in, id, saved.map(|_| ()), "saved").await
}

/// Moves them to another group.
pub(crate) async fn group(signed_in: SignedIn, Path(id): Path<Uuid>, fields: Fields) -> Answer {
    let saved = signed_in
        .client()
        .put_group(signed_in.company(), id, &MoveMember { group: fields.id("group") })
        .await;
    answer(&signed_in, id, saved.map(|_| ()), "saved").await
}

/// Disables or enables them.
pub(crate) async fn standing(signed_in: SignedIn, Path(id): Path<Uuid>, fields: Fields) -> Answer {
    let change = ChangeStanding { enabled: fields.text("enabled") == "yes", reason: fields.owned("reason") };
    let saved = signed_in.client().put_standing(signed_in.company(), id, &change).await;
    answer(&signed_in, id, saved.map(|_| ()), "saved").await
}

/// Ends the lock of their second step.
pub(crate) async fn unlock(signed_in: SignedIn, Path(id): Path<Uuid>) -> Answer {
    let saved = signed_in.client().unlock_member(signed_in.company(), id).await;
    answer(&signed_in, id, saved, "unlocked").await
}

/// Sends a new invitation.
pub(crate) async fn renew(signed_in: SignedIn, Path(id): Path<Uuid>) -> Answer {
    let saved = signed_in.client().renew_invitation(signed_in.company(), id).await;
    answer(&signed_in, id, saved, "invited").await
}

/// Hands the account over to them.
pub(crate) async fn hand_over(signed_in: SignedIn, Path(id): Path<Uuid>) -> Answer {
    let saved = signed_in.client().transfer_account(signed_in.company(), &TransferAccount { to: id }).await;
    answer(&signed_in, id, saved, "saved").await
}

/// Erases their personal data, once the box is ticked too.
pub(crate) async fn erase(signed_in: SignedIn, Path(id): Path<Uuid>, fields: Fields) -> Answer {
    if !fields.ticked("sure") {
        let notice = Notice::bad(
            "Nothing was erased",
            "Tick the box to say that you are sure, then press the button again.",
        );
        return member::draw(&signed_in, id, Some(notice)).await;
    }
    match signed_in.client().erase_member(signed_in.company(), id).await {
        Ok(()) => Ok(redirect("/organisation?done=erased")),
        Err(error) => member::draw(&signed_in, id, Some(Notice::refused(error)?)).await,
    }
}

async fn answer(signed_in: &SignedIn, id: Uuid, saved: Result<(), Error>, done: &str) -> Answer {
    match saved {
        Ok(()) => Ok(redirect(&format!("/organisation/members/{id}?done={done}"))),
        Err(error) => member::draw(signed_in, id, Some(Notice::refused(error)?)).await,
    }
}

//! The forms of a group.

use axum::extract::Path;
use twostep_api::{ChangeGroup, Choice, CreateGroup, Enforcement, Lock, PutEnforcement};
use twostep_client::Error;
use uuid::Uuid;

use super::{
    group::{self, Wanted},
    overview,
};
use crate::{
    fields::Fields,
    notice::Notice,
    render::{Answer, redirect},
    visitor::SignedIn,
};

/// Creates a group.
pub(crate) async fn create(signed_in: SignedIn, fields: Fields) -> Answer {
    let create = CreateGroup { name: fields.owned("name"), parent: fields.id("parent") };
    match signed_in.client_once(&fields).create_group(signed_in.company(), &create).await {
        Ok(_) => Ok(redirect("/organisation?done=group-created")),
        Err(error) => {
            overview::draw(&signed_in, &Fields::default(), None, Some(Notice::refused(error)?)).await
        }
    }
}

/// *Enforce two-step verification*, on the revision that the page was drawn from.
pub(crate) async fn enforce(signed_in: SignedIn, Path(id): Path<Uuid>, fields: Fields) -> Answer {
    let choice = match (fields.ticked("enforce"), fields.ticked("follow")) {
        (true, _) => Choice::Enforce,
        (false, true) => Choice::Follow,
        (false, false) => Choice::Dont,
    };
    let put = PutEnforcement {
        enforcement: Enforcement { choice, also_subgroups: fields.ticked("also_subgroups") },
        reason: fields.owned("reason"),
    };
    let saved = signed_in.client().put_enforcement(signed_in.company(), id, fields.text("etag"), &put).await;
    answer(&signed_in, id, saved.map(|_| ()), &Wanted::Box(put.enforcement, fields.clone())).await
}

/// Locks the box against Admins, or unlocks it, on the revision that the page was drawn from.
pub(crate) async fn lock(signed_in: SignedIn, Path(id): Path<Uuid>, fields: Fields) -> Answer {
    let lock = Lock { locked: fields.text("locked") == "yes" };
    let saved = signed_in.client().put_lock(signed_in.company(), id, fields.text("etag"), &lock).await;
    answer(&signed_in, id, saved.map(|_| ()), &Wanted::Lock(lock.locked)).await
}

/// Renames or moves the group, on the revision that the page was drawn from.
pub(crate) async fn place(signed_in: SignedIn, Path(id): Path<Uuid>, fields: Fields) -> Answer {
    let change = ChangeGroup { name: fields.owned("name"), parent: fields.id("parent") };
    let saved = signed_in.client().change_group(signed_in.company(), id, fields.text("etag"), &change).await;
    answer(&signed_in, id, saved.map(|_| ()), &Wanted::Place(change, fields.clone())).await
}

/// Assigns an Admin (`assign`), or takes the assignment back (`remove`).
pub(crate) async fn admins(signed_in: SignedIn, Path(id): Path<Uuid>, fields: Fields) -> Answer {
    let (client, company) = (signed_in.client(), signed_in.company());
    let saved = match (fields.id("assign"), fields.id("remove")) {
        (Some(member), _) => client.assign_group_admin(company, id, member).await,
        (None, Some(member)) => client.remove_group_admin(company, id, member).await,
        (None, None) => Ok(()),
    };
    answer(&signed_in, id, saved, &Wanted::Nothing).await
}

async fn answer(signed_in: &SignedIn, id: Uuid, saved: Result<(), Error>, wanted: &Wanted) -> Answer {
    match saved {
        Ok(()) => Ok(redirect(&format!("/organisation/groups/{id}?done=saved"))),
        Err(error) => group::draw(signed_in, id, Some(Notice::refused(error)?), wanted).await,
    }
}

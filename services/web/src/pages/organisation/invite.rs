//! Invites a person.

use twostep_api::InviteMember;

use super::overview;
use crate::{
    fields::Fields,
    notice::Notice,
    render::{Answer, redirect},
    visitor::SignedIn,
    words,
};

/// Invites them: the link goes to their work address, nobody else sees it.
pub(crate) async fn send(signed_in: SignedIn, fields: Fields) -> Answer {
    let invite = InviteMember {
        name: fields.owned("name"),
        email: fields.owned("email"),
        login: fields.said("login").map(str::to_owned),
        roles: words::roles_of(&fields),
        group: fields.id("group"),
        locale: None,
        time_zone: None,
    };
    match signed_in.client_once(&fields).invite_member(signed_in.company(), &invite).await {
        Ok(_) => Ok(redirect("/organisation?done=invited")),
        Err(error) => {
            overview::draw(&signed_in, &Fields::default(), Some(&fields), Some(Notice::refused(error)?)).await
        }
    }
}

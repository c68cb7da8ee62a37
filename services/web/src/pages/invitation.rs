//! `/invitations/{token}`: the first password.

use askama::Template;
use axum::extract::Path;
use twostep_api::{AcceptInvitation, Invitation};

use crate::{
    fields::Fields,
    frame::Frame,
    new_password,
    notice::Notice,
    render::{Answer, page_with, redirect},
    visitor::{Visitor, status_of},
    when,
};

#[derive(Template)]
#[template(path = "invitation.html")]
struct InvitationPage {
    frame: Frame,
    invitation: Invitation,
    expires: String,
}

/// Who invites whom; reading it consumes nothing (S8).
pub(crate) async fn show(visitor: Visitor, Path(token): Path<String>) -> Answer {
    form(&visitor, &token, None).await
}

async fn form(visitor: &Visitor, token: &str, notice: Option<Notice>) -> Answer {
    let invitation = visitor.client.invitation(token).await?;
    let status = status_of(notice.as_ref());
    let frame =
        visitor.frame("Set your password", notice).of(&invitation.product_name, &invitation.company_name);
    let frame = frame.in_zone(&invitation.time_zone);
    let expires = when::date(invitation.expires_at, frame.zone);
    page_with(status, &InvitationPage { frame, invitation, expires })
}

/// Accepts it.
pub(crate) async fn send(visitor: Visitor, Path(token): Path<String>, fields: Fields) -> Answer {
    let password = match new_password::typed(&fields) {
        Ok(password) => password.to_owned(),
        Err(notice) => return form(&visitor, &token, Some(*notice)).await,
    };
    match visitor.client.accept_invitation(&token, &AcceptInvitation { password }).await {
        Ok(()) => Ok(redirect("/sign-in?why=password-set")),
        Err(error) => form(&visitor, &token, Some(Notice::refused(error)?)).await,
    }
}

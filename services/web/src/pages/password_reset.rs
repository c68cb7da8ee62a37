//! `/password-resets/{token}`: a new password.

use askama::Template;
use axum::extract::Path;
use twostep_api::{PasswordReset, ResetPassword};

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
#[template(path = "password_reset.html")]
struct PasswordResetPage {
    frame: Frame,
    reset: PasswordReset,
    expires: String,
}

/// Whose password; reading it consumes nothing (S8).
pub(crate) async fn show(visitor: Visitor, Path(token): Path<String>) -> Answer {
    form(&visitor, &token, None).await
}

async fn form(visitor: &Visitor, token: &str, notice: Option<Notice>) -> Answer {
    let reset = visitor.client.password_reset(token).await?;
    let status = status_of(notice.as_ref());
    let frame = visitor.frame("Set a new password", notice).of(&reset.product_name, &reset.company_name);
    let frame = frame.in_zone(&reset.time_zone);
    let expires = when::date(reset.expires_at, frame.zone);
    page_with(status, &PasswordResetPage { frame, reset, expires })
}

/// Sets it.
pub(crate) async fn send(visitor: Visitor, Path(token): Path<String>, fields: Fields) -> Answer {
    let password = match new_password::typed(&fields) {
        Ok(password) => password.to_owned(),
        Err(notice) => return form(&visitor, &token, Some(*notice)).await,
    };
    match visitor.client.reset_password(&token, &ResetPassword { password }).await {
        Ok(()) => Ok(redirect("/sign-in?why=password-set")),
        Err(error) => form(&visitor, &token, Some(Notice::refused(error)?)).await,
    }
}

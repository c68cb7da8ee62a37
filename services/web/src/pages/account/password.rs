//! `/account/password`: another password.

use askama::Template;
use twostep_api::ChangePassword;

use crate::{
    fields::Fields,
    frame::Frame,
    new_password,
    notice::Notice,
    render::{Answer, page_with, redirect},
    visitor::{SignedIn, status_of},
};

/// Least characters with and without a second step (S32); the API has the last word.
const LEAST: (u16, u16) = (8, 15);

#[derive(Template)]
#[template(path = "account/password.html")]
struct PasswordPage {
    frame: Frame,
    password_min: u16,
}

/// The form.
pub(crate) async fn show(signed_in: SignedIn) -> Answer {
    form(&signed_in, None)
}

fn form(signed_in: &SignedIn, notice: Option<Notice>) -> Answer {
    let password_min = if signed_in.me.methods.is_empty() { LEAST.1 } else { LEAST.0 };
    let status = status_of(notice.as_ref());
    page_with(status, &PasswordPage { frame: signed_in.frame("Change password", notice), password_min })
}

/// Changes it.
pub(crate) async fn send(signed_in: SignedIn, fields: Fields) -> Answer {
    let new = match new_password::typed(&fields) {
        Ok(password) => password.to_owned(),
        Err(notice) => return form(&signed_in, Some(*notice)),
    };
    let change = ChangePassword { old: fields.text("old").to_owned(), new };
    match signed_in.client().change_password(&change).await {
        // Whether this session goes on is the API's decision: the account's page finds out.
        Ok(()) => Ok(redirect("/account?done=password")),
        Err(error) => form(&signed_in, Some(Notice::refused(error)?)),
    }
}

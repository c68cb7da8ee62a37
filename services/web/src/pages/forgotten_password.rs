//! `/password-resets`: asks for a link to set a new password.

use askama::Template;
use twostep_api::RequestPasswordReset;

use crate::{
    fields::{Asked, Fields},
    frame::Frame,
    notice::Notice,
    render::{Answer, page_with, redirect},
    visitor::{Visitor, status_of},
};

#[derive(Template)]
#[template(path = "forgotten_password.html")]
struct ForgottenPasswordPage {
    frame: Frame,
    company: String,
    login: String,
    sent: bool,
}

/// The form, or what comes after it.
pub(crate) async fn show(visitor: Visitor, Asked(asked): Asked) -> Answer {
    let sent = asked.ticked("sent");
    let notice = sent.then(|| {
        Notice::good(
            "Look into your mailbox",
            "If the login exists, a link is on its way to its work address. It works for an hour. We say the same \
             whether it exists or not.",
        )
    });
    form(&visitor, &asked, sent, notice)
}

fn form(visitor: &Visitor, typed: &Fields, sent: bool, notice: Option<Notice>) -> Answer {
    let status = status_of(notice.as_ref());
    let frame = visitor.frame("Forgotten password", notice);
    let (company, login) = (typed.owned("company"), typed.owned("login"));
    page_with(status, &ForgottenPasswordPage { frame, company, login, sent })
}

/// Asks for the link.
pub(crate) async fn send(visitor: Visitor, fields: Fields) -> Answer {
    let request = RequestPasswordReset {
        company: fields.said("company").map(str::to_owned),
        login: fields.owned("login"),
    };
    match visitor.client.request_password_reset(&request).await {
        Ok(()) => Ok(redirect("/password-resets?sent")),
        Err(error) => form(&visitor, &fields, false, Some(Notice::refused(error)?)),
    }
}

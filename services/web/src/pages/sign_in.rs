//! `/sign-in`: the password, then the verification dialog.

use askama::Template;
use axum::extract::Path;
use twostep_api::{Client, ClientKind, Method, SignIn, StartSignIn};
use uuid::Uuid;

use super::dialog::{self, Place};
use crate::{
    fields::{Asked, Fields},
    frame::Frame,
    notice::Notice,
    render::{Answer, page_with, redirect, with_cookie},
    visitor::{Visitor, next_step, status_of},
};

#[derive(Template)]
#[template(path = "sign_in.html")]
struct SignInPage {
    frame: Frame,
    company: String,
    login: String,
}

/// The form.
pub(crate) async fn show(visitor: Visitor, Asked(asked): Asked) -> Answer {
    let notice = match asked.text("why") {
        "over" => Some(Notice::plain(
            "You aren't signed in any more",
            "Sign-ins and sessions end after a while. Sign in again to go on.",
        )),
        "locked" => Some(dialog::locked()),
        "signed-out" => Some(Notice::good("You are signed out", "Close the browser on a shared machine.")),
        "password-set" => Some(Notice::good("Your password is set", "Sign in with it now.")),
        "password-changed" => Some(Notice::good(
            "Your password is changed",
            "Every session was ended. Sign in with the new one.",
        )),
        _ => None,
    };
    form(&visitor, &asked, notice)
}

fn form(visitor: &Visitor, typed: &Fields, notice: Option<Notice>) -> Answer {
    let status = status_of(notice.as_ref());
    let frame = visitor.frame("Sign in", notice);
    page_with(status, &SignInPage { frame, company: typed.owned("company"), login: typed.owned("login") })
}

/// Proves the password and leads on to whatever the API asks.
pub(crate) async fn send(visitor: Visitor, fields: Fields) -> Answer {
    let start = StartSignIn {
        company: fields.said("company").map(str::to_owned),
        login: fields.owned("login"),
        password: fields.text("password").to_owned(),
        client: Some(Client {
            kind: ClientKind::Web,
            version: Some(env!("CARGO_PKG_VERSION").to_owned()),
            capabilities: Some(vec![Method::App, Method::Sms, Method::Email]),
        }),
    };
    match visitor.client.start_sign_in(&start).await {
        Ok(sign_in) => Ok(lead_on(&visitor, &sign_in)),
        Err(error) => form(&visitor, &fields, Some(Notice::refused(error)?)),
    }
}

fn lead_on(visitor: &Visitor, sign_in: &SignIn) -> axum::response::Response {
    let to = next_step(sign_in);
    let cookies = visitor.app.cookies;
    let token = sign_in.token.as_ref().and_then(|token| cookies.set(cookies.token(), token));
    with_cookie(redirect(&to), token)
}

/// The verification dialog.
pub(crate) async fn dialog(visitor: Visitor, Path(id): Path<Uuid>, Asked(asked): Asked) -> Answer {
    dialog::show(&visitor, &Place::sign_in(id), &asked, None).await
}

/// *Send*, *Send SMS*, *Resend*.
pub(crate) async fn request_code(visitor: Visitor, Path(id): Path<Uuid>, fields: Fields) -> Answer {
    dialog::request_code(&visitor, &Place::sign_in(id), &fields).await
}

/// *Verify*.
pub(crate) async fn verify(visitor: Visitor, Path(id): Path<Uuid>, fields: Fields) -> Answer {
    dialog::verify(&visitor, &Place::sign_in(id), &fields).await
}

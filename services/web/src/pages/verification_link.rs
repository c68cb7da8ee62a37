//! `/verification-links/{token}`: a person presses the button; mail scanners only read (S8).

use askama::Template;
use axum::extract::Path;
use twostep_api::{LinkState, OpenVerificationLink, VerificationLink};

use crate::{
    fields::Fields,
    frame::Frame,
    notice::Notice,
    render::{Answer, page_with},
    visitor::{Visitor, status_of},
    when,
};

#[derive(Template)]
#[template(path = "verification_link.html")]
struct VerificationLinkPage {
    frame: Frame,
    link: VerificationLink,
    expires: String,
    /// Whether this browser holds the set-up or session that asked.
    here: bool,
}

/// Whose it is; reading it proves nothing.
pub(crate) async fn show(visitor: Visitor, Path(token): Path<String>) -> Answer {
    let link = visitor.client.verification_link(&token).await?;
    draw(&visitor, link, None)
}

fn draw(visitor: &Visitor, link: VerificationLink, notice: Option<Notice>) -> Answer {
    let status = status_of(notice.as_ref());
    let frame =
        visitor.frame("Confirm your e-mail address", notice).of(&link.product_name, &link.company_name);
    let frame = frame.in_zone(&link.time_zone);
    let (expires, here) = (when::date(link.expires_at, frame.zone), visitor.known);
    page_with(status, &VerificationLinkPage { frame, link, expires, here })
}

/// The button, or the first screen's code.
pub(crate) async fn send(visitor: Visitor, Path(token): Path<String>, fields: Fields) -> Answer {
    let first_screen_code = fields.said("first_screen_code").map(str::to_owned);
    match visitor.client.open_verification_link(&token, &OpenVerificationLink { first_screen_code }).await {
        Ok(link) => draw(&visitor, link, None),
        Err(error) => {
            let notice = Notice::refused(error)?;
            // A link that died of it is a page of its own.
            let mut link = visitor.client.verification_link(&token).await?;
            if link.state == LinkState::Confirm && fields.ticked("first_screen_code") {
                link.state = LinkState::CodeNeeded;
            }
            draw(&visitor, link, Some(notice))
        }
    }
}

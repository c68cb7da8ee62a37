//! *Activate*, and the confirmation.

use askama::Template;

use super::printed::file;
use crate::{
    frame::Frame,
    notice::Notice,
    render::{Answer, page, with_cookie},
    visitor::Visitor,
};

#[derive(Template)]
#[template(path = "set_up/activated.html")]
struct ActivatedPage {
    frame: Frame,
    codes: Vec<String>,
    file: String,
}

/// Turns it on; new recovery codes are shown in this answer alone (S9).
pub(crate) async fn send(visitor: Visitor) -> Answer {
    let before = visitor.frame_with_menu("Two-step verification is on", None).await;
    match visitor.client.activate().await {
        Ok(activated) => {
            let notice = if before.is_on() {
                Notice::good("Your changes are in force", "Codes come by the methods that you chose now.")
            } else {
                Notice::good(
                    "Two-step verification is on",
                    "From now on, signing in asks for your password and a code. Your backup works when the primary \
                     method doesn't.",
                )
            };
            let file = file(&activated.recovery_codes);
            let frame = Frame { notice: Some(notice), ..before };
            let answer = page(&ActivatedPage { frame, codes: activated.recovery_codes, file })?;
            let cookies = visitor.app.cookies;
            let token = activated.token.and_then(|token| cookies.set(cookies.token(), &token));
            Ok(with_cookie(answer, token))
        }
        Err(error) => super::overview::draw(&visitor, Some(Notice::refused(error)?)).await,
    }
}

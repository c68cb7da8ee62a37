//! *Set up mobile app*: QR code and secret, *Next*, the digits.

use askama::Template;
use twostep_api::{ConfirmCode, Pairing, ProblemType};

use crate::{
    fields::Fields,
    frame::Frame,
    notice::{CLOCK, Notice},
    qr,
    render::{Answer, page, page_with, redirect},
    visitor::{Visitor, status_of},
};

#[derive(Template)]
#[template(path = "set_up/pairing.html")]
struct PairingPage {
    frame: Frame,
    pairing: Pairing,
    /// Drawn here from the URI: the one value that a template doesn't escape.
    qr: Option<String>,
}

/// A new seed, shown in this answer alone (S2).
pub(crate) async fn pair(visitor: Visitor) -> Answer {
    match visitor.client.start_pairing().await {
        Ok(pairing) => {
            let qr = qr::svg(&pairing.uri);
            let frame = visitor.frame_with_menu("Set up mobile app", None).await.in_zone(&pairing.time_zone);
            page(&PairingPage { frame, pairing, qr })
        }
        Err(error) => super::overview::draw(&visitor, Some(Notice::refused(error)?)).await,
    }
}

#[derive(Template)]
#[template(path = "set_up/digits.html")]
struct DigitsPage {
    frame: Frame,
}

/// *Next*: the digits.
pub(crate) async fn ask(visitor: Visitor) -> Answer {
    digits(&visitor, None).await
}

async fn digits(visitor: &Visitor, notice: Option<Notice>) -> Answer {
    let status = status_of(notice.as_ref());
    page_with(status, &DigitsPage { frame: visitor.frame_with_menu("Type the digits", notice).await })
}

/// The app's first code.
pub(crate) async fn confirm(visitor: Visitor, fields: Fields) -> Answer {
    match visitor.client.confirm_pairing(&ConfirmCode { code: fields.text("code").to_owned() }).await {
        Ok(_) => Ok(redirect("/set-up?why=app-done")),
        // Another code may be right; on any other refusal this pairing is over.
        Err(error) if error.problem_type().is_some_and(is_about_the_code) => {
            let wrong = error.problem_type() == Some(ProblemType::CodeRejected);
            let mut notice = Notice::refused(error)?;
            if wrong {
                notice.text.push_str(CLOCK);
            }
            digits(&visitor, Some(notice)).await
        }
        Err(error) => super::overview::draw(&visitor, Some(Notice::refused(error)?)).await,
    }
}

fn is_about_the_code(kind: ProblemType) -> bool {
    use ProblemType::{CodeRejected, CodeUsed, InvalidFields, Locked, Malformed, TooSoon};
    matches!(kind, CodeRejected | CodeUsed | InvalidFields | Malformed | Locked | TooSoon)
}

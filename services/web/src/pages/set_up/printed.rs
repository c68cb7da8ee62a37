//! Printed codes: the backup of a set-up, or new ones in place of the old.

use askama::Template;

use crate::{
    frame::Frame,
    notice::Notice,
    render::{Answer, page},
    visitor::Visitor,
};

#[derive(Template)]
#[template(path = "set_up/printed.html")]
struct PrintedPage {
    frame: Frame,
    codes: Vec<String>,
    file: String,
    /// Whether a set-up is under way, so that they don't count before *Activate*.
    in_set_up: bool,
}

/// New codes, shown in this answer alone (S9).
pub(crate) async fn make(visitor: Visitor) -> Answer {
    let in_set_up = visitor.client.set_up().await.is_ok();
    match visitor.client.make_recovery_codes().await {
        Ok(made) => {
            let frame = visitor.frame_with_menu("Printed codes", None).await;
            let file = file(&made.codes);
            page(&PrintedPage { frame, codes: made.codes, file, in_set_up })
        }
        Err(error) => super::overview::draw(&visitor, Some(Notice::refused(error)?)).await,
    }
}

/// The codes as a text file inside a link, for the browser to save.
pub(super) fn file(codes: &[String]) -> String {
    let lines: String = codes.iter().map(|code| format!("{code}%0A")).collect();
    format!("data:text/plain;charset=utf-8,{}", lines.replace(' ', "%20"))
}

//! *Set up two-step verification*, then *Protect your account*.

use askama::Template;
use chrono::{DateTime, Utc};
use twostep_api::{ProofKind, SetUp, StartSetUp};

use super::{
    cards::{self, Card},
    under_way,
};
use crate::{
    fields::Asked,
    frame::Frame,
    notice::Notice,
    render::{Answer, page_with, redirect},
    visitor::{Visitor, status_of},
};

#[derive(Template)]
#[template(path = "set_up/prompt.html")]
struct PromptPage {
    frame: Frame,
}

#[derive(Template)]
#[template(path = "set_up/overview.html")]
struct OverviewPage {
    frame: Frame,
    primary: Card,
    backups: Vec<Card>,
    /// The step before all others, where the company wants the work address confirmed first.
    work_address: Option<Card>,
    ready: bool,
    expires_at: DateTime<Utc>,
    first_screen_code: Option<String>,
}

/// The set-up as it stands, or the prompt to start one.
pub(crate) async fn show(visitor: Visitor, Asked(asked): Asked) -> Answer {
    let notice = match asked.text("why") {
        "first" => Some(Notice::plain(
            "Your company asks for two-step verification",
            "Set it up now: nothing else can be reached before. A set-up that was never activated starts again.",
        )),
        "nothing-to-prove" => Some(Notice::plain(
            "You have no second step that you could prove",
            "Your company doesn't ask you for one. You can set one up here.",
        )),
        "new-primary" => Some(Notice::plain(
            "Your company changed the primary method",
            "Set the new one up. The methods that still fit are kept.",
        )),
        "printed-code" => Some(Notice::plain(
            "You signed in with a printed code",
            "If your phone is lost or your address or number is another one, edit your two-step verification now. If \
             nothing is lost, go on to My account.",
        )),
        "email-done" => Some(Notice::good("Your e-mail address is confirmed", "")),
        "phone-done" => Some(Notice::good("Your phone number is confirmed", "")),
        "app-done" => Some(Notice::good("Your authenticator app is paired", "")),
        _ => None,
    };
    draw(&visitor, notice).await
}

/// The page with `notice` above it.
pub(crate) async fn draw(visitor: &Visitor, notice: Option<Notice>) -> Answer {
    let status = status_of(notice.as_ref());
    let set_up = under_way::find(visitor).await?;
    let title = if set_up.is_some() { "Protect your account" } else { "Set up two-step verification" };
    let frame = visitor.frame_with_menu(title, notice).await;
    match set_up {
        Some(set_up) => page_with(status, &protect(frame, &set_up)),
        None if frame.is_on() => {
            let title = "Edit two-step verification".to_owned();
            page_with(status, &PromptPage { frame: Frame { title, ..frame } })
        }
        None => page_with(status, &PromptPage { frame }),
    }
}

fn protect(frame: Frame, set_up: &SetUp) -> OverviewPage {
    OverviewPage {
        frame: frame.in_zone(&set_up.time_zone),
        primary: cards::primary(set_up),
        backups: cards::backups(set_up),
        work_address: set_up.work_address_first.then(|| cards::work_address(set_up)),
        ready: set_up.ready,
        expires_at: set_up.expires_at,
        first_screen_code: set_up.first_screen_code.clone(),
    }
}

/// Starts a set-up, or an edit that keeps what is in force.
pub(crate) async fn start(visitor: Visitor) -> Answer {
    match visitor.client.start_set_up(&StartSetUp::default()).await {
        Ok(_) => Ok(redirect("/set-up")),
        Err(error) => {
            let notice = Notice::refused(error)?;
            draw(&visitor, Some(notice)).await
        }
    }
}

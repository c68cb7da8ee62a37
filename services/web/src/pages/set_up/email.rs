//! *Set up Email*: the address, *Next*, the mail's link or code, *Finish email setup*.

use askama::Template;
use chrono::{DateTime, Utc};
use twostep_api::{ConfirmContact, ProblemType, ProofKind, SetUp, Step, StepState, VerifyEmail};

use super::under_way;
use crate::{
    delivery::Delivery,
    fields::{Asked, Fields},
    frame::Frame,
    notice::Notice,
    render::{Answer, page_with, redirect, with_cookie},
    visitor::{Visitor, status_of},
};

#[derive(Template)]
#[template(path = "set_up/email.html")]
struct AddressPage {
    frame: Frame,
    address: String,
    /// Whether only the work address will do.
    work: bool,
    /// The address in force, masked.
    now: String,
}

/// Asks for the address.
pub(crate) async fn ask(visitor: Visitor) -> Answer {
    let address = visitor.typed_address.clone().unwrap_or_default();
    address_form(&visitor, address, None).await
}

async fn address_form(visitor: &Visitor, address: String, notice: Option<Notice>) -> Answer {
    let set_up = under_way::find(visitor).await?;
    let work = set_up.as_ref().is_some_and(|set_up| set_up.work_address_first);
    let now = under_way::in_force(set_up.as_ref(), ProofKind::Email);
    let title = match (work, now.is_empty()) {
        (true, _) => "Confirm your work address",
        (false, true) => "Set up Email",
        (false, false) => "Change the address",
    };
    let page = AddressPage { frame: visitor.frame_with_menu(title, notice).await, address, work, now };
    page_with(status_of(page.frame.notice.as_ref()), &page)
}

/// *Next*, and *Resend*: the mail goes out.
pub(crate) async fn send(visitor: Visitor, fields: Fields) -> Answer {
    let again = fields.ticked("again");
    let typed = if again { visitor.typed_address.clone() } else { fields.said("address").map(str::to_owned) };
    let address = typed.unwrap_or_default();
    match visitor.client.set_up_email(&VerifyEmail { address: address.clone() }).await {
        Ok(set_up) => {
            let cookies = visitor.app.cookies;
            // Pressed again once the address is confirmed: nothing was sent.
            let sent = step(&set_up).is_some_and(|step| step.state == StepState::Waiting);
            let value: String = url::form_urlencoded::byte_serialize(address.as_bytes()).collect();
            let response = redirect(if again && sent {
                "/set-up/email/confirmation?sent"
            } else {
                "/set-up/email/confirmation"
            });
            Ok(with_cookie(response, cookies.set(cookies.address(), &value)))
        }
        Err(error) if again => inbox(&visitor, Some(Notice::refused(error)?)).await,
        Err(error) => address_form(&visitor, address, Some(Notice::refused(error)?)).await,
    }
}

#[derive(Template)]
#[template(path = "set_up/inbox.html")]
struct InboxPage {
    frame: Frame,
    destination: String,
    /// Whether the address can be mailed again without being typed again.
    known: bool,
    next_send_at: Option<DateTime<Utc>>,
    first_screen_code: Option<String>,
    clicked: bool,
    delivery: Option<Delivery>,
    reload: &'static str,
}

/// *Check your inbox.*
pub(crate) async fn wait(visitor: Visitor, Asked(asked): Asked) -> Answer {
    let notice = asked.ticked("sent").then(|| Notice::good("Sent again", "Look into the spam folder too."));
    inbox(&visitor, notice).await
}

async fn inbox(visitor: &Visitor, notice: Option<Notice>) -> Answer {
    let Some(set_up) = under_way::find(visitor).await? else { return Ok(redirect("/set-up")) };
    let Some(step) = step(&set_up) else { return Ok(redirect("/set-up/email")) };
    let page = InboxPage {
        destination: step.destination.clone().unwrap_or_default(),
        known: visitor.typed_address.is_some(),
        next_send_at: step.next_send_at,
        first_screen_code: set_up.first_screen_code.clone(),
        clicked: step.state != StepState::Waiting,
        delivery: step.delivery.as_ref().map(|state| Delivery::of(state, "change the address")),
        reload: "/set-up/email/confirmation",
        frame: visitor.frame_with_menu("Check your inbox", notice).await.in_zone(&set_up.time_zone),
    };
    page_with(status_of(page.frame.notice.as_ref()), &page)
}

fn step(set_up: &SetUp) -> Option<&Step> {
    set_up.steps.iter().find(|step| step.kind == ProofKind::Email)
}

/// *Finish email setup*.
pub(crate) async fn confirm(visitor: Visitor, fields: Fields) -> Answer {
    let code = fields.said("code").map(str::to_owned);
    let error = match visitor.client.confirm_email(&ConfirmContact { code }).await {
        Ok(_) => {
            let cookies = visitor.app.cookies;
            return Ok(with_cookie(redirect("/set-up?why=email-done"), cookies.clear(cookies.address())));
        }
        Err(error) => error,
    };
    // Not an error of the person's: the click may be on its way.
    let notice = if error.problem_type() == Some(ProblemType::NotYetVerified) {
        Notice::plain(
            "We haven't seen your click yet",
            "Open the link in the mail and press the button there, or type the mail's code below. Then press \
             Finish email setup again.",
        )
    } else {
        Notice::refused(error)?
    };
    inbox(&visitor, Some(notice)).await
}

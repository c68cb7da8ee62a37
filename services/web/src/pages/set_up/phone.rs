//! *Set up Text Message*: the number, *Next*, the digits, *Finish text setup*.

use askama::Template;
use chrono::{DateTime, Utc};
use twostep_api::{ConfirmCode, ProofKind, SetUp, Step, StepState, VerifyPhone};

use super::under_way;
use crate::{
    delivery::Delivery,
    fields::Fields,
    frame::Frame,
    notice::Notice,
    render::{Answer, page_with, redirect},
    visitor::{Visitor, status_of},
};

#[derive(Template)]
#[template(path = "set_up/phone.html")]
struct NumberPage {
    frame: Frame,
    number: String,
    /// The number in force, masked.
    now: String,
}

/// Asks for the number.
pub(crate) async fn ask(visitor: Visitor) -> Answer {
    number_form(&visitor, String::new(), None).await
}

async fn number_form(visitor: &Visitor, number: String, notice: Option<Notice>) -> Answer {
    let set_up = under_way::find(visitor).await?;
    let now = under_way::in_force(set_up.as_ref(), ProofKind::Sms);
    let title = if now.is_empty() { "Set up Text Message" } else { "Change the number" };
    let page = NumberPage { frame: visitor.frame_with_menu(title, notice).await, number, now };
    page_with(status_of(page.frame.notice.as_ref()), &page)
}

/// *Next*: the text goes out.
pub(crate) async fn send(visitor: Visitor, fields: Fields) -> Answer {
    let number = fields.owned("number");
    match visitor.client.set_up_phone(&VerifyPhone { number: number.clone() }).await {
        Ok(set_up) if step(&set_up).is_some_and(|step| step.state == StepState::Verified) => {
            Ok(redirect("/set-up?why=phone-done"))
        }
        Ok(_) => Ok(redirect("/set-up/phone/confirmation")),
        Err(error) => number_form(&visitor, number, Some(Notice::refused(error)?)).await,
    }
}

#[derive(Template)]
#[template(path = "set_up/text.html")]
struct TextPage {
    frame: Frame,
    destination: String,
    next_send_at: Option<DateTime<Utc>>,
    delivery: Option<Delivery>,
    reload: &'static str,
}

/// The digits.
pub(crate) async fn wait(visitor: Visitor) -> Answer {
    text(&visitor, None).await
}

async fn text(visitor: &Visitor, notice: Option<Notice>) -> Answer {
    let Some(set_up) = under_way::find(visitor).await? else { return Ok(redirect("/set-up")) };
    let Some(step) = step(&set_up).filter(|step| step.state == StepState::Waiting) else {
        return Ok(redirect("/set-up/phone"));
    };
    let page = TextPage {
        destination: step.destination.clone().unwrap_or_default(),
        next_send_at: step.next_send_at,
        delivery: step
            .delivery
            .as_ref()
            .map(|state| Delivery::of(state, "type another number or choose another method")),
        reload: "/set-up/phone/confirmation",
        frame: visitor.frame_with_menu("Type the digits", notice).await.in_zone(&set_up.time_zone),
    };
    page_with(status_of(page.frame.notice.as_ref()), &page)
}

fn step(set_up: &SetUp) -> Option<&Step> {
    set_up.steps.iter().find(|step| step.kind == ProofKind::Sms)
}

/// *Finish text setup*.
pub(crate) async fn confirm(visitor: Visitor, fields: Fields) -> Answer {
    match visitor.client.confirm_phone(&ConfirmCode { code: fields.text("code").to_owned() }).await {
        Ok(_) => Ok(redirect("/set-up?why=phone-done")),
        Err(error) => {
            let notice = Notice::refused(error)?;
            text(&visitor, Some(notice)).await
        }
    }
}

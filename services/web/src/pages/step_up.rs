//! `/step-up`: a fresh proof in a session, then back to what was asked.

use askama::Template;
use axum::extract::Path;
use twostep_api::{Next, ProblemType, SetUpReason};
use uuid::Uuid;

use super::dialog::{self, Place};
use crate::{
    back,
    failure::Failure,
    fields::{Asked, Fields},
    frame::Frame,
    notice::Notice,
    render::{Answer, page_with, redirect},
    visitor::{Visitor, status_of},
};

#[derive(Template)]
#[template(path = "step_up.html")]
struct StepUpPage {
    frame: Frame,
    back: String,
    /// Whether a form was refused: what was typed there is gone.
    unsaved: bool,
}

/// Says why, and asks to go on: only a form starts the step-up.
pub(crate) async fn show(visitor: Visitor, Asked(asked): Asked) -> Answer {
    if !visitor.known {
        return Err(Failure::NobodySignedIn);
    }
    form(&visitor, back::named(asked.text("back")), asked.ticked("unsaved"), None)
}

fn form(visitor: &Visitor, back: String, unsaved: bool, notice: Option<Notice>) -> Answer {
    let status = status_of(notice.as_ref());
    page_with(status, &StepUpPage { frame: visitor.frame("Prove your second step", notice), back, unsaved })
}

/// Starts it.
pub(crate) async fn send(visitor: Visitor, fields: Fields) -> Answer {
    let back = back::named(fields.text("back"));
    match visitor.client.start_step_up().await {
        Ok(step_up) => Ok(redirect(&match (step_up.next, step_up.set_up) {
            (Next::SignedIn, _) => back,
            (Next::Verify, _) => format!("/step-up/{}?back={back}", step_up.id),
            (Next::SetUp, Some(SetUpReason::NewPrimary)) => "/set-up?why=new-primary".to_owned(),
            (Next::SetUp, _) => "/set-up?why=first".to_owned(),
        })),
        // Nothing to prove with: the policy tightened over a session that has no second step, or it asks for none.
        Err(error) if error.problem_type() == Some(ProblemType::Conflict) => {
            let covered = visitor.client.me().await?.covered;
            Ok(redirect(if covered { "/set-up?why=first" } else { "/set-up?why=nothing-to-prove" }))
        }
        Err(error) => form(&visitor, back, false, Some(Notice::refused(error)?)),
    }
}

/// The verification dialog.
pub(crate) async fn dialog(visitor: Visitor, Path(id): Path<Uuid>, Asked(asked): Asked) -> Answer {
    let place = Place::step_up(id, back::named(asked.text("back")));
    dialog::show(&visitor, &place, &asked, None).await
}

/// *Send*, *Send SMS*, *Resend*.
pub(crate) async fn request_code(visitor: Visitor, Path(id): Path<Uuid>, fields: Fields) -> Answer {
    let place = Place::step_up(id, back::named(fields.text("back")));
    dialog::request_code(&visitor, &place, &fields).await
}

/// *Verify*.
pub(crate) async fn verify(visitor: Visitor, Path(id): Path<Uuid>, fields: Fields) -> Answer {
    let place = Place::step_up(id, back::named(fields.text("back")));
    dialog::verify(&visitor, &place, &fields).await
}

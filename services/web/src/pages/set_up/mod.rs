//! `/set-up`: *Protect your account*, by the three scripts of the reference product.

mod activation;
mod app;
mod cards;
mod email;
mod overview;
mod phone;
mod printed;

use axum::{
    Router,
    routing::{get, post},
};

use twostep_api::{ProblemType, ProofKind, SetUp, StepState};
use twostep_client::Error;

use crate::{app::App, visitor::Visitor};

pub(crate) fn routes() -> Router<App> {
    Router::new()
        .route("/set-up", get(overview::show).post(overview::start))
        .route("/set-up/authenticator", post(app::pair))
        .route("/set-up/authenticator/confirmation", get(app::ask).post(app::confirm))
        .route("/set-up/email", get(email::ask).post(email::send))
        .route("/set-up/email/confirmation", get(email::wait).post(email::confirm))
        .route("/set-up/phone", get(phone::ask).post(phone::send))
        .route("/set-up/phone/confirmation", get(phone::wait).post(phone::confirm))
        .route("/set-up/recovery-codes", post(printed::make))
        .route("/set-up/activation", post(activation::send))
}

/// The set-up under way, if one is.
async fn under_way(visitor: &Visitor) -> Result<Option<SetUp>, Error> {
    match visitor.client.set_up().await {
        Ok(set_up) => Ok(Some(set_up)),
        Err(error) if error.problem_type() == Some(ProblemType::NotFound) => Ok(None),
        Err(error) => Err(error),
    }
}

/// Where the codes of a method go that is in force and wasn't begun anew, masked; empty: there is none.
fn in_force(set_up: Option<&SetUp>, kind: ProofKind) -> String {
    let kept = |set_up: &SetUp| {
        let mut kept = set_up.steps.iter().filter(|step| step.state == StepState::Kept);
        kept.find(|step| step.kind == kind)?.destination.clone()
    };
    set_up.and_then(kept).unwrap_or_default()
}

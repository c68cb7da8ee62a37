//! Telling the inbox to misbehave.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;

use crate::Faults;
use crate::shared::Shared;

pub(super) async fn show(State(shared): State<Arc<Shared>>) -> Json<Faults> {
    Json(shared.faults.get())
}

/// Puts other faults in force; `{}` ends all.
pub(super) async fn set(
    State(shared): State<Arc<Shared>>,
    Json(faults): Json<Faults>,
) -> Result<StatusCode, (StatusCode, &'static str)> {
    let refusals = faults.mail.iter().filter_map(|fault| fault.reply);
    if refusals.into_iter().any(|code| !(400..600).contains(&code)) {
        return Err((StatusCode::UNPROCESSABLE_ENTITY, "a mail fault's reply is between 400 and 599\n"));
    }
    if faults.sms.iter().filter_map(|fault| fault.status).any(|status| StatusCode::from_u16(status).is_err())
    {
        return Err((StatusCode::UNPROCESSABLE_ENTITY, "a text fault's status is between 100 and 999\n"));
    }
    shared.faults.set(faults);
    Ok(StatusCode::NO_CONTENT)
}

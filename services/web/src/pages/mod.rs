//! The pages: a module each, with its handler and its template's data.

mod account;
mod dialog;
mod forgotten_password;
mod home;
mod invitation;
mod organisation;
mod password_reset;
mod set_up;
mod settings;
mod sign_in;
mod sign_out;
mod step_up;
mod verification_link;

use axum::{
    Router,
    routing::{get, post},
};

use crate::app::App;

/// Every page and form.
pub(crate) fn routes() -> Router<App> {
    Router::new()
        .route("/", get(home::show))
        .route("/sign-in", get(sign_in::show).post(sign_in::send))
        .route("/sign-in/{id}", get(sign_in::dialog))
        .route("/sign-in/{id}/codes", post(sign_in::request_code))
        .route("/sign-in/{id}/verifications", post(sign_in::verify))
        .route("/sign-out", post(sign_out::send))
        .route("/step-up", get(step_up::show).post(step_up::send))
        .route("/step-up/{id}", get(step_up::dialog))
        .route("/step-up/{id}/codes", post(step_up::request_code))
        .route("/step-up/{id}/verifications", post(step_up::verify))
        .route("/invitations/{token}", get(invitation::show).post(invitation::send))
        .route("/verification-links/{token}", get(verification_link::show).post(verification_link::send))
        .route("/password-resets", get(forgotten_password::show).post(forgotten_password::send))
        .route("/password-resets/{token}", get(password_reset::show).post(password_reset::send))
        .merge(set_up::routes())
        .merge(account::routes())
        .merge(settings::routes())
        .merge(organisation::routes())
}

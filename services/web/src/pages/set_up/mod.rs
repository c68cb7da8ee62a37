//! `/set-up`: *Protect your account*, by the three scripts of the reference product.

mod activation;
mod app;
mod cards;
mod email;
mod overview;
mod phone;
mod printed;
mod under_way;

use axum::{
    Router,
    routing::{get, post},
};

use crate::app::App;

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

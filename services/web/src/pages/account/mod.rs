//! `/account`: who I am, how I prove it, where I am signed in.

mod overview;
mod password;

use axum::{
    Router,
    routing::{get, post},
};

use crate::app::App;

pub(crate) fn routes() -> Router<App> {
    Router::new()
        .route("/account", get(overview::show))
        .route("/account/sessions/{id}/end", post(overview::end_session))
        .route("/account/turn-off", post(overview::turn_off))
        .route("/account/password", get(password::show).post(password::send))
}

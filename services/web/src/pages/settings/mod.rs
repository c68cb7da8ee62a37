//! `/settings/two-step`: *Global Settings → Two-step verification*, Master Admins alone.

mod effect;
mod names;
mod policy;

use axum::{
    Router,
    routing::{get, post},
};

use crate::app::App;

pub(crate) fn routes() -> Router<App> {
    Router::new()
        .route("/settings/two-step", get(policy::show).post(policy::send))
        .route("/settings/branding", post(names::branding))
        .route("/settings/sms-countries", post(names::sms_countries))
}

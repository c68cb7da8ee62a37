//! The gateways and the page.

mod control;
mod gate;
mod json;
mod messages;
mod page;
mod reset;
mod status;
mod text;
mod twilio;

use std::sync::Arc;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::from_fn;
use axum::routing::{get, post};
use tokio::net::TcpListener;

use crate::shared::Shared;
use reset::{Cuttable, Cutter};

/// Serves until the shutdown.
pub(crate) async fn serve(listener: TcpListener, shared: Arc<Shared>) {
    let shutdown = shared.shutdown.clone();
    let app = Router::new()
        .route("/", get(page::show))
        .route("/inbox.css", get(page::style))
        .route("/messages", get(messages::list).delete(messages::clear))
        .route("/messages/next", get(messages::next))
        .route("/messages/{id}", get(messages::one))
        .route("/faults", get(control::show).put(control::set))
        .route("/sms", post(json::take))
        .route("/2010-04-01/Accounts/{sid}/Messages.json", post(twilio::take))
        .layer(from_fn(gate::loopback_only))
        .layer(DefaultBodyLimit::max(64 * 1024))
        .with_state(shared)
        .into_make_service_with_connect_info::<Cutter>();
    let served =
        axum::serve(Cuttable(listener), app).with_graceful_shutdown(shutdown.cancelled_owned()).await;
    if let Err(error) = served {
        tracing::warn!(%error, "the gateway stopped");
    }
}

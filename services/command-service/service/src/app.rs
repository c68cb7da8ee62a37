//! What every handler works with.

use std::net::IpAddr;
use std::sync::Arc;

use axum::extract::FromRef;
use tokio::sync::Semaphore;
use twostep_commands::Commands;
use twostep_event_store::Reader;
use twostep_projections::{AuditIndex, DeliveryStatus, ReadModel};
use twostep_runtime::Stop;

use crate::metrics::Metrics;
use crate::possession::Challenge;
use crate::waiting::Places;
use crate::webhooks::Webhooks;

/// The state behind the routers.
#[derive(Clone)]
pub(crate) struct App {
    pub(crate) commands: Arc<Commands>,
    pub(crate) deliveries: Arc<ReadModel<DeliveryStatus>>,
    pub(crate) reader: Arc<dyn Reader>,
    pub(crate) audit: Arc<AuditIndex>,
    pub(crate) settings: Arc<HttpSettings>,
    pub(crate) metrics: Arc<Metrics>,
    pub(crate) challenge: Challenge,
    pub(crate) waiting: Places,
    /// The places of those who have a past state put together.
    pub(crate) folds: Arc<Semaphore>,
    pub(crate) webhooks: Arc<Webhooks>,
    pub(crate) stop: Stop,
}

/// What the HTTP side is set to.
#[derive(Clone, Debug, Default)]
pub struct HttpSettings {
    /// Proxies whose `X-Forwarded-For` is believed (S15): the web service is one.
    pub trusted_proxies: Vec<IpAddr>,
}

impl FromRef<App> for Arc<Commands> {
    fn from_ref(app: &App) -> Self {
        app.commands.clone()
    }
}

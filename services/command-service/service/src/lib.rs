//! The command service: the HTTP API over the use cases, the delivery relay, and the log's housekeeping.
//!
//! [`Service::start`] follows the log and runs the background work; [`Service::api`] is the public router and
//! [`Service::operator`] the one behind the operator's socket.

mod app;
mod backup;
mod break_glass;
mod channel_key;
mod dead_letters;
mod document;
mod erasure;
mod following;
mod head_counts;
mod housekeeping;
mod log_end;
mod master_key;
mod metrics;
mod operator;
mod positions;
mod possession;
mod refusal;
mod relay;
mod request;
mod routes;
#[cfg(test)]
mod secret_types;
mod service;
mod shape;
mod to_the_end;
mod traced;
mod unmasking;
mod waiting;
mod webhooks;

pub use app::HttpSettings;
pub use backup::Backups;
pub use relay::{ChannelSeals, TextLimits, TextPrices};
pub use service::{Breakers, Parts, Service, Waits, openapi};
pub use webhooks::{JsonWebhook, TwilioWebhook, VonageWebhook, Webhook, WebhookState, Webhooks};

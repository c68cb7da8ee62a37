//! The settings that every worker has.

use std::net::SocketAddr;
use std::num::NonZeroUsize;

use serde::Deserialize;
use twostep_delivery_nats::Nats;
use twostep_runtime::config::Secret;

/// What every worker is set to, beside its channel.
pub struct Common {
    /// Where its admin port listens.
    pub admin: Admin,
    /// The broker.
    pub nats: Nats,
    /// What payloads open with: a line per key, `ID BASE64`, as `twostep keys channel` writes it.
    pub channel_key: Secret,
    /// How it works.
    pub delivery: Work,
}

/// The admin port.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Admin {
    /// Where it listens.
    pub listen: SocketAddr,
}

/// How a worker works.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Work {
    /// Messages worked on at the same time.
    pub concurrency: NonZeroUsize,
}

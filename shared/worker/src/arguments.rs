//! The command line of every worker.

use std::net::SocketAddr;
use std::num::NonZeroU16;
use std::path::PathBuf;

use clap::Args;
use twostep_runtime::Profile;
use twostep_runtime::config::{Layers, Printed};
use twostep_runtime::telemetry::Format;

use crate::fail_point::FailPoint;

/// What a worker is started with; what is left out here comes from the environment, the file, or the defaults.
#[derive(Args)]
#[group(skip)]
pub struct Arguments {
    /// The settings file; the environment (`TWOSTEP_NATS__URL=…`) goes before it.
    #[arg(long, env = "TWOSTEP_CONFIG")]
    pub(crate) config: Option<PathBuf>,
    /// Where NATS is: `nats://host:4222`, `tls://host:4222`, several with commas.
    #[arg(long, value_name = "URL")]
    pub(crate) nats_url: Option<String>,
    /// Where `/livez`, `/readyz` and `/metrics` are; port 0 takes a free one.
    #[arg(long, value_name = "ADDRESS")]
    pub(crate) admin_listen: Option<SocketAddr>,
    /// Messages worked on at the same time.
    #[arg(long, value_name = "NUMBER")]
    pub(crate) delivery_concurrency: Option<NonZeroU16>,
    /// What it is run for.
    #[arg(long, value_enum, default_value_t = Profile::Production, env = "TWOSTEP_PROFILE")]
    pub(crate) profile: Profile,
    /// Says whether it would start with these settings, and everything that is in the way; starts nothing.
    #[arg(long, value_enum, value_name = "FORMAT", num_args = 0..=1, require_equals = true, default_missing_value = "text")]
    pub(crate) check: Option<Printed>,
    /// Lets the admin port move the clock; for tests, refused in production.
    #[arg(long)]
    pub(crate) test_clock: bool,
    /// Dies at once at this point; for the tests of crashes, beside a clock that moves.
    #[arg(long, value_enum, requires = "test_clock", hide = true)]
    pub(crate) fail_point: Option<FailPoint>,
    /// What is logged: a level, or levels by part (`info,twostep_delivery=debug`).
    #[arg(long, env = "TWOSTEP_LOG", default_value = "info,async_nats=warn")]
    pub(crate) log: String,
    /// How it is logged; pretty on a terminal, else JSON.
    #[arg(long, value_enum, env = "TWOSTEP_LOG_FORMAT")]
    pub(crate) log_format: Option<Format>,
}

impl Arguments {
    /// Where settings come from.
    pub(crate) fn layers(&self) -> Layers {
        Layers::from_process()
            .file(self.config.clone())
            .flag("nats.url", self.nats_url.clone())
            .flag("admin.listen", self.admin_listen.map(|address| address.to_string()))
            .flag("delivery.concurrency", self.delivery_concurrency.map(|number| i64::from(number.get())))
    }
}

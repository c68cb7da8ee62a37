//! `twostep-command-service`: the HTTP API over a log of its own; messages go to the workers through NATS.

mod check;
mod compose;
mod settings;

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context as _;
use clap::Parser;
use twostep_runtime::config::{Layers, Printed, load};
use twostep_runtime::telemetry::{self, Format};
use twostep_runtime::{Profile, Stop, tls};

use settings::Settings;

/// The HTTP API over a log of its own; messages go to the e-mail and SMS workers through NATS.
#[derive(Parser)]
#[command(
    name = "twostep-command-service",
    version,
    after_help = "Examples:
  twostep-command-service --config /etc/twostep/command-service.toml --data /var/lib/twostep
      as the settings say
  twostep provision --nats-url nats://127.0.0.1:4222
      makes the queue first
  twostep --data /var/lib/twostep keys channel email --to /etc/twostep/email-channel-key \\
      --master-key-path /etc/twostep/master-key
      what an e-mail worker opens its messages with

SIGTERM finishes what is in hand, within 10 s.

Exit codes: 0 stopped as asked, 1 could not start or go on (the message says why), 2 wrong arguments."
)]
struct Arguments {
    /// The settings file; the environment (`TWOSTEP_NATS__URL=…`) goes before it.
    #[arg(long, env = "TWOSTEP_CONFIG")]
    config: Option<PathBuf>,
    /// Where log and keys lie.
    #[arg(long, env = "TWOSTEP_DATA", required_unless_present = "check")]
    data: Option<PathBuf>,
    /// Where NATS is: `nats://host:4222`, `tls://host:4222`, several with commas.
    #[arg(long, value_name = "URL")]
    nats_url: Option<String>,
    /// What it is run for.
    #[arg(long, value_enum, default_value_t = Profile::Production, env = "TWOSTEP_PROFILE")]
    profile: Profile,
    /// Says whether it would start with these settings, and everything that is in the way; starts nothing.
    #[arg(long, value_enum, value_name = "FORMAT", num_args = 0..=1, require_equals = true, default_missing_value = "text")]
    check: Option<Printed>,
    /// Lets the admin port move the clock; for tests, refused in production.
    #[arg(long)]
    test_clock: bool,
    /// What is logged: a level, or levels by part (`info,twostep_delivery=debug`).
    #[arg(long, env = "TWOSTEP_LOG", default_value = "info,async_nats=warn")]
    log: String,
    /// How it is logged; pretty on a terminal, else JSON.
    #[arg(long, value_enum, env = "TWOSTEP_LOG_FORMAT")]
    log_format: Option<Format>,
}

#[tokio::main]
async fn main() -> ExitCode {
    tls::install();
    match start(Arguments::parse()).await {
        Ok(code) => code,
        Err(error) => {
            say_why(&error);
            ExitCode::FAILURE
        }
    }
}

async fn start(arguments: Arguments) -> anyhow::Result<ExitCode> {
    let Arguments { config, data, nats_url, profile, check, test_clock, log, log_format } = arguments;
    telemetry::init(log_format.unwrap_or_else(Format::for_stderr), &log)?;
    let layers = Layers::from_process().file(config).flag("nats.url", nats_url);
    if let Some(printed) = check {
        return Ok(check::run(layers, profile, data.as_deref()).print(profile, printed)?);
    }
    let stop = Stop::on_signals()?;
    let loaded = load::<Settings>(layers)?;
    let data = data.context("--data is missing")?;
    for warning in &loaded.warnings {
        tracing::warn!("{warning}");
    }
    compose::start(loaded.settings, profile, &data, test_clock, &stop).await?;
    stop.requested().await;
    stop.finish().await?;
    Ok(ExitCode::SUCCESS)
}

/// The reason in words, each cause on a line of its own.
#[allow(
    clippy::print_stderr,
    reason = "the last words of a program that can't go on, also where logging failed"
)]
fn say_why(error: &anyhow::Error) {
    eprintln!("twostep-command-service: {error}");
    for cause in error.chain().skip(1) {
        eprintln!("  because: {cause}");
    }
}

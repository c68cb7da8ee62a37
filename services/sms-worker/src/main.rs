//! `twostep-sms-worker`: takes texts from NATS and hands them to providers.

mod settings;

use std::process::ExitCode;

use clap::Parser;

use settings::Settings;

/// Takes texts from NATS and hands them to providers; any number of them run side by side.
#[derive(Parser)]
#[command(
    name = "twostep-sms-worker",
    version,
    after_help = "Examples:
  twostep-sms-worker --config /etc/twostep/sms-worker.toml
      as the settings say
  twostep-sms-worker --config /etc/twostep/sms-worker.toml --admin-listen 127.0.0.1:0
      a second one on the same machine
  TWOSTEP_DELIVERY__CONCURRENCY=64 twostep-sms-worker --config /etc/twostep/sms-worker.toml
      with 64 texts at a time

SIGTERM finishes or hands back what is in hand, within 10 s.

Exit codes: 0 stopped as asked, 1 could not start or go on (the message says why), 2 wrong arguments."
)]
struct Arguments {
    #[command(flatten)]
    worker: twostep_worker::Arguments,
}

#[tokio::main]
async fn main() -> ExitCode {
    twostep_worker::run::<Settings>(Arguments::parse().worker).await
}

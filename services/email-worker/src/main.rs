//! `twostep-email-worker`: takes mails from NATS and hands them to mail relays.

mod settings;

use std::process::ExitCode;

use clap::Parser;

use settings::Settings;

/// Takes mails from NATS and hands them to mail relays; any number of them run side by side.
#[derive(Parser)]
#[command(
    name = "twostep-email-worker",
    version,
    after_help = "Examples:
  twostep-email-worker --config /etc/twostep/email-worker.toml
      as the settings say
  twostep-email-worker --config /etc/twostep/email-worker.toml --admin-listen 127.0.0.1:0
      a second one on the same machine
  TWOSTEP_DELIVERY__CONCURRENCY=64 twostep-email-worker --config /etc/twostep/email-worker.toml
      with 64 mails at a time

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

//! `twostep-dev-inbox`: the inbox as a program of its own.

use std::io::Write as _;
use std::net::SocketAddr;
use std::sync::Arc;

use anyhow::Context as _;
use clap::Parser;
use twostep_clock::SystemClock;
use twostep_dev_inbox::{Config, start};
use twostep_runtime::{Profile, Stop};

/// A mail server and SMS gateway that keep what they receive and show it.
///
/// For the demo and for tests: it listens on loopback only and refuses any other profile. It prints one line of JSON
/// with its addresses once it is ready, and runs until it is interrupted.
#[derive(Parser)]
#[command(
    name = "twostep-dev-inbox",
    version,
    after_help = "Examples:
  twostep-dev-inbox
      on free ports; prints {\"smtp\":\"127.0.0.1:40001\",\"http\":\"127.0.0.1:40002\"}
  twostep-dev-inbox --smtp 127.0.0.1:2525 --http 127.0.0.1:8025
      then open http://127.0.0.1:8025/
  curl 'http://127.0.0.1:8025/messages/next?to=ada@example.org&timeout=30'
      waits for the next message to Ada
  curl -X PUT -H 'content-type: application/json' http://127.0.0.1:8025/faults \\
       -d '{\"mail\":[{\"stage\":\"rcpt\",\"reply\":450,\"times\":2}]}'
      refuses the next two recipients for now

Exit codes: 0 stopped, 1 could not start, 2 wrong arguments."
)]
struct Arguments {
    /// The installation's profile; only `demo` is accepted.
    #[arg(long, value_enum, default_value_t = Profile::Demo, env = "TWOSTEP_PROFILE")]
    profile: Profile,
    /// Where the mail server listens; port 0 takes a free one.
    #[arg(long, default_value = "127.0.0.1:0")]
    smtp: SocketAddr,
    /// Where gateways and page listen; port 0 takes a free one.
    #[arg(long, default_value = "127.0.0.1:0")]
    http: SocketAddr,
    /// How many messages are kept.
    #[arg(long, default_value_t = 1_000)]
    keep: usize,
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let Arguments { profile, smtp, http, keep } = Arguments::parse();
    let stop = Stop::on_signals().context("could not wait for signals")?;
    let config = Config { profile, smtp, http, keep, ..Config::default() };
    let running = start(config, Arc::new(SystemClock)).await.context("the inbox could not start")?;
    let ready = serde_json::json!({ "smtp": running.smtp_addr, "http": running.http_addr });
    writeln!(std::io::stdout(), "{ready}").context("could not say where the inbox listens")?;
    stop.requested().await;
    running.shutdown.cancel();
    Ok(())
}

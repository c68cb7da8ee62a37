//! Sends the second steps of many people to a running product and prints one line of JSON.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;
use twostep_tests::harness::Inbox;
use twostep_tests::load::{Load, Target, run};

/// Send the second steps of many people to a product on this machine whose clock can be moved.
///
/// Exit status: 0 when every code was accepted, 1 otherwise, 2 on bad usage.
#[derive(Parser)]
#[command(after_help = "Examples:
  load --api http://127.0.0.1:8400 --admin http://127.0.0.1:8401 --data /tmp/data --inbox 127.0.0.1:8402
      512 people as fast as 64 connections allow, five times
  load --rate 300 …
      300 a second, however long answers take")]
struct Arguments {
    /// Where the API is.
    #[arg(long)]
    api: String,
    /// Where the admin port is, with a clock that moves.
    #[arg(long)]
    admin: String,
    /// The product's data directory; it must have no company `load`.
    #[arg(long)]
    data: PathBuf,
    /// The inbox that its mails go to, HOST:PORT.
    #[arg(long)]
    inbox: String,
    /// How many people.
    #[arg(long, default_value_t = 512)]
    people: usize,
    /// How many requests at once at most.
    #[arg(long, default_value_t = 64)]
    connections: usize,
    /// How many begin in a second; left out: whenever a connection is free.
    #[arg(long)]
    rate: Option<f64>,
    /// How often everybody verifies.
    #[arg(long, default_value_t = 5)]
    rounds: usize,
}

#[tokio::main]
#[allow(clippy::print_stdout, reason = "it is a command-line program")]
async fn main() -> anyhow::Result<ExitCode> {
    let Arguments { api, admin, data, inbox, people, connections, rate, rounds } = Arguments::parse();
    let http = reqwest::Client::builder().no_proxy().build()?;
    let target = Target { api: api.trim_end_matches('/').to_owned(), admin, data, http };
    let outcome = run(&target, &Inbox::at(&inbox)?, Load { people, connections, rate, rounds }).await?;
    println!("{}", serde_json::to_string(&outcome)?);
    Ok(if outcome.errors == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

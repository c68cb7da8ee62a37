//! Lets faults strike a cluster and prints what became of the messages.

use std::process::ExitCode;

use clap::Parser;
use twostep_tests::faults::{
    Length, Row, of_a_flood, of_poison, of_the_broker, of_the_gateway, of_the_relay, of_workers, table,
};

/// Let faults strike a cluster on this machine, and print what became of the messages.
///
/// Exit status: 0 when nothing was lost, everything ended and duplicates stayed within their bound; 1 otherwise.
#[derive(Parser)]
struct Arguments {
    /// Only as often as the tests do.
    #[arg(long)]
    short: bool,
}

#[tokio::main]
#[allow(clippy::print_stdout, reason = "it is a command-line program")]
async fn main() -> anyhow::Result<ExitCode> {
    let Arguments { short } = Arguments::parse();
    let length = if short { Length::Short } else { Length::Long };
    let mut rows = of_workers(length).await?;
    rows.extend(of_the_broker(length).await?);
    rows.extend(of_poison(length).await?);
    rows.extend(of_the_relay(length).await?);
    rows.extend(of_the_gateway(length).await?);
    rows.extend(of_a_flood(length).await?);
    print!("{}", table(&rows));
    Ok(if rows.iter().all(Row::holds) { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

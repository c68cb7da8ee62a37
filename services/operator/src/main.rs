//! `twostep`: what the operator of an installation does on its host.

mod break_glass;
mod company;
mod service;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand, ValueEnum};
use twostep_runtime::tls;

/// What the operator of an installation does on its host.
///
/// It talks to the running service through the socket in its data directory, which only the directory's owner reaches.
#[derive(Parser)]
#[command(
    name = "twostep",
    version,
    after_help = "Examples:
  twostep --data /var/lib/twostep company create --slug mah --name 'MAH Ltd' --country DE \\
      --holder-name 'Account Holder' --holder-email holder@mah.example
      creates a company and prints the link that sets its Master Account Holder's first password
  twostep --data .data/demo --output json company create …
      the same as one line of JSON
  twostep --data /var/lib/twostep break-glass --company mah --member holder@mah.example \\
      --reason 'phone lost, no other Master Admin' --master-key-path /etc/twostep/master-key
      lets a Master Admin in when everybody is locked out

Exit codes: 0 done, 1 refused or not reachable (the message says why and what to do), 2 wrong arguments."
)]
struct Arguments {
    /// The service's data directory.
    #[arg(long, env = "TWOSTEP_DATA")]
    data: PathBuf,
    /// How the result is printed.
    #[arg(long, value_enum, default_value_t = Output::Text)]
    output: Output,
    #[command(subcommand)]
    command: Command,
}

/// How a result is printed.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Output {
    /// For people.
    Text,
    /// One line of JSON.
    Json,
}

#[derive(Subcommand)]
enum Command {
    /// Companies.
    #[command(subcommand)]
    Company(company::Company),
    /// Lets a Master Admin in who can't get in any other way: second step reset, a link for a new password (one use, 30 min).
    BreakGlass(break_glass::BreakGlass),
}

#[tokio::main]
async fn main() -> ExitCode {
    tls::install();
    let Arguments { data, output, command } = Arguments::parse();
    let result = match command {
        Command::Company(command) => company::run(&data, output, command).await,
        Command::BreakGlass(command) => break_glass::run(&data, output, command).await,
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            say_why(&error);
            ExitCode::FAILURE
        }
    }
}

#[allow(clippy::print_stderr, reason = "a command line program says on standard error why it failed")]
fn say_why(error: &anyhow::Error) {
    eprintln!("twostep: {error}");
    for cause in error.chain().skip(1) {
        eprintln!("  because: {cause}");
    }
}

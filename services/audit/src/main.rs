//! `twostep-audit`: what an auditor does with a history: replay it, ask what was, export it. It only reads.

mod export;
mod progress;
mod replay;
mod selection;
mod source;
mod state;
mod table;
mod unmasking;

use std::io::{self, IsTerminal as _};
use std::process::ExitCode;

use clap::{Parser, Subcommand, ValueEnum};
use twostep_runtime::tls;

use source::Origin;

/// Replays a history, tells what was at a moment of it, and exports it; it only reads.
///
/// Where it comes from: a copy of the log (the log.db of a backup), the log of an installation on this host, or a server that
/// lets an auditor read their own company's. Everything personal is masked, unless whoever holds the installation's master key
/// asks for it on its host with a reason, which the running service records in the company's history first.
#[derive(Parser)]
#[command(
    name = "twostep-audit",
    version,
    after_help = "Examples:
  twostep-audit --log backup/log.db replay --company mah --from 2026-11-01 --to 2026-12-01
      what happened in November, as a table on a terminal, else as a line of JSON for each event
  twostep-audit --data /var/lib/twostep replay --type PolicyChanged --output json | jq .data.new
      every policy, while the service runs
  TWOSTEP_TOKEN=… twostep-audit --server https://login.mah.example replay --from 1000
      the auditor's own company from its event 1000 on
  twostep-audit --log backup/log.db state --at 2026-11-24T12:00:00Z --company mah company
      the policy and the roster at noon
  twostep-audit --log backup/log.db export --into november --from 2026-11-01 --to 2026-12-01
      november/events.jsonl in the shape of CloudEvents, and november/manifest.json with count and SHA-256
  twostep-audit --log backup/log.db export --into siem --format ocsf
      what OCSF has classes for: authentications and changes of accounts
  twostep-audit --data /var/lib/twostep replay --company mah --person 0193… \\
      --master-key-path /etc/twostep/master-key --reason 'complaint 117: whose number is that?'
      the same with names and addresses in it; the event PersonalDataUnmasked says who was shown what, and why

Exit codes: 0 done (also where the reader of the output went away), 1 not readable, not there or refused (the message says
why and what to do), 2 wrong arguments."
)]
struct Arguments {
    #[command(flatten)]
    from: Origin,
    /// How it is shown; left out: as a table on a terminal, else as JSON.
    #[arg(long, global = true, value_enum)]
    output: Option<Output>,
    #[command(subcommand)]
    command: Command,
}

/// How something is shown.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Output {
    /// A table for people.
    Text,
    /// A line of JSON for each.
    Json,
}

#[derive(Subcommand)]
enum Command {
    /// Shows the events of a history, oldest first.
    Replay(replay::Replay),
    /// Tells what the company, a group or a person was at a moment.
    State(state::State),
    /// Writes a history to files, with a manifest that proves them whole.
    Export(export::Export),
}

#[tokio::main]
async fn main() -> ExitCode {
    tls::install();
    let Arguments { from, output, command } = Arguments::parse();
    let usual = || if io::stdout().is_terminal() { Output::Text } else { Output::Json };
    let output = output.unwrap_or_else(usual);
    let result = match command {
        Command::Replay(command) => replay::run(from, output, command).await,
        Command::State(command) => state::run(from, output, command).await,
        Command::Export(command) => export::run(from, output, command).await,
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        // Whoever reads has seen enough (`| head`).
        Err(error) if is_broken_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            say_why(&error);
            ExitCode::FAILURE
        }
    }
}

fn is_broken_pipe(error: &anyhow::Error) -> bool {
    error.downcast_ref::<io::Error>().is_some_and(|error| error.kind() == io::ErrorKind::BrokenPipe)
}

#[allow(clippy::print_stderr, reason = "a command line program says on standard error why it failed")]
fn say_why(error: &anyhow::Error) {
    eprintln!("twostep-audit: {error}");
    for cause in error.chain().skip(1) {
        eprintln!("  because: {cause}");
    }
}

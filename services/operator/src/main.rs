//! `twostep`: what the operator of an installation does on its host.

mod backup;
mod beside;
mod break_glass;
mod company;
mod config;
mod dead_letters;
mod keys;
mod master_key;
mod provision;
mod read_models;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::error::ErrorKind;
use clap::{CommandFactory as _, Parser, Subcommand, ValueEnum};
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
  twostep --data /var/lib/twostep read-models rebuild
      builds the read models anew beside the live ones and says whether they were right
  twostep --data /var/lib/twostep backup --to /var/lib/twostep-backups/2026-11-24
      writes a whole copy of log and keys, while the service runs or not
  twostep --data /var/lib/twostep keys rotate --master-key-path /etc/twostep/master-key
      puts a new master key in the old one's place, while the service runs
  twostep --data /var/lib/twostep keys channel email --to /etc/twostep/email-channel-key \\
      --master-key-path /etc/twostep/master-key
      writes what an e-mail worker of its own opens its messages with
  twostep provision --nats-url nats://127.0.0.1:4222
      makes the queue for workers of their own
  twostep --data /var/lib/twostep dead-letters list
      lists the messages that ended badly, and which may still be sent once more
  twostep --data /var/lib/twostep dead-letters redrive --by-error configuration --reason 'password mended'
      sends those once more that a wrong setting kept back
  twostep config check --config /etc/twostep/standalone.toml
      whether the service would start with these settings
  twostep config check --config /etc/twostep/email-worker.toml
      the same of a program of its own, which the file is named after, or --program names

Exit codes: 0 done, 1 refused or not reachable (the message says why and what to do), 2 wrong arguments."
)]
struct Arguments {
    /// The service's data directory; `config` and `provision` do without.
    #[arg(long, env = "TWOSTEP_DATA")]
    data: Option<PathBuf>,
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
    /// What the log adds up to for those who ask.
    #[command(subcommand)]
    ReadModels(read_models::ReadModels),
    /// Writes a whole copy of log and keys into a new directory, while the service runs or not.
    Backup(backup::Backup),
    /// Messages that ended badly: list, show, send once more.
    #[command(subcommand)]
    DeadLetters(dead_letters::DeadLetters),
    /// The installation's keys.
    #[command(subcommand)]
    Keys(keys::Keys),
    /// Makes the queue in NATS as this version wants it, or changes it to that; says what was otherwise. Again is harmless.
    Provision(provision::Provision),
    /// Checks or shows the settings of an installation without starting it.
    Config(config::Config),
}

#[tokio::main]
async fn main() -> ExitCode {
    tls::install();
    let Arguments { data, output, command } = Arguments::parse();
    let result = match command {
        Command::Company(command) => company::run(&needed(data), output, command).await,
        Command::BreakGlass(command) => break_glass::run(&needed(data), output, command).await,
        Command::ReadModels(command) => read_models::run(&needed(data), output, command).await,
        Command::Backup(command) => backup::run(&needed(data), output, command).await,
        Command::DeadLetters(command) => dead_letters::run(&needed(data), output, command).await,
        Command::Keys(command) => keys::run(&needed(data), output, command).await,
        Command::Provision(command) => provision::run(output, command).await,
        Command::Config(command) => Err(config::run(data.as_deref(), output, command)),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            say_why(&error);
            ExitCode::FAILURE
        }
    }
}

/// The data directory, for commands that reach the service through it.
fn needed(data: Option<PathBuf>) -> PathBuf {
    data.unwrap_or_else(|| {
        let missing = "this command needs --data DIRECTORY, the service's data directory (or TWOSTEP_DATA)";
        Arguments::command().error(ErrorKind::MissingRequiredArgument, missing).exit()
    })
}

#[allow(clippy::print_stderr, reason = "a command line program says on standard error why it failed")]
fn say_why(error: &anyhow::Error) {
    eprintln!("twostep: {error}");
    for cause in error.chain().skip(1) {
        eprintln!("  because: {cause}");
    }
}

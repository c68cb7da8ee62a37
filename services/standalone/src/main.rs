//! `twostep-standalone`: every service in one process on the embedded adapters.

mod backup;
mod compose;
mod delivery;
mod demo;
mod inspect;
mod settings;
mod webhooks;

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand};
use twostep_runtime::config::{Layers, load};
use twostep_runtime::telemetry::{self, Format};
use twostep_runtime::{Profile, Stop, tls};

use settings::Settings;

/// Two-step verification for an organisation, in one process: web pages, API, delivery by e-mail and text message.
#[derive(Parser)]
#[command(
    name = "twostep-standalone",
    version,
    after_help = "Examples:
  twostep-standalone demo
      a demo company on this machine, with an inbox that shows every mail and text
  twostep-standalone run --config /etc/twostep/standalone.toml --data /var/lib/twostep
      a real installation
  twostep-standalone config check --config /etc/twostep/standalone.toml --data /var/lib/twostep
      whether it would start, and everything that is in the way

Exit codes: 0 stopped as asked, or the settings fit; 1 could not start or go on, or the settings don't fit (the
message says why); 2 wrong arguments."
)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
    /// What is logged: a level, or levels by part (`info,twostep_delivery=debug`). Left out: `info`; in the demo, whose
    /// inbox shows what happens, `warn`.
    #[arg(long, global = true, env = "TWOSTEP_LOG")]
    log: Option<String>,
    /// How it is logged; pretty on a terminal, else JSON.
    #[arg(long, global = true, value_enum, env = "TWOSTEP_LOG_FORMAT")]
    log_format: Option<Format>,
}

#[derive(Subcommand)]
enum Command {
    /// Runs an installation.
    Run(Run),
    /// Runs the demo: a company of its own, and an inbox in place of the world.
    Demo(demo::Demo),
    /// Writes a whole copy of log and keys that nobody uses; `twostep backup` does it while the service runs, too.
    Backup(backup::Backup),
    /// Looks at the settings of an installation without starting it.
    #[command(subcommand)]
    Config(inspect::Config),
}

/// A real installation.
#[derive(Args)]
struct Run {
    /// The settings file; the environment (`TWOSTEP_HTTP__LISTEN=…`) goes before it.
    #[arg(long, env = "TWOSTEP_CONFIG")]
    config: Option<PathBuf>,
    /// Where log and keys lie.
    #[arg(long, env = "TWOSTEP_DATA")]
    data: PathBuf,
    /// What it is run for.
    #[arg(long, value_enum, default_value_t = Profile::Production, env = "TWOSTEP_PROFILE")]
    profile: Profile,
    /// Lets the admin port move the clock; for tests, refused in production.
    #[arg(long)]
    test_clock: bool,
}

#[tokio::main]
async fn main() -> ExitCode {
    tls::install();
    let arguments = Arguments::parse();
    let format = arguments.log_format.unwrap_or_else(Format::for_stderr);
    let quiet = matches!(arguments.command, Command::Demo(_) | Command::Backup(_));
    let usual = if quiet { "warn" } else { "info" };
    let result = match (arguments.command, telemetry::init(format, arguments.log.as_deref().unwrap_or(usual)))
    {
        // Like everything else that is in the way of a start.
        (Command::Config(config), logging) => inspect::run(config, logging.err()),
        (_, Err(error)) => Err(error.into()),
        (Command::Run(run), Ok(())) => start(run).await.map(|()| ExitCode::SUCCESS),
        (Command::Demo(demo), Ok(())) => demo::run(demo).await.map(|()| ExitCode::SUCCESS),
        (Command::Backup(backup), Ok(())) => backup::run(&backup).map(|()| ExitCode::SUCCESS),
    };
    match result {
        Ok(code) => code,
        Err(error) => {
            say_why(&error);
            ExitCode::FAILURE
        }
    }
}

/// The reason in words, each cause on a line of its own.
#[allow(
    clippy::print_stderr,
    reason = "the last words of a program that can't go on, also where logging failed"
)]
pub(crate) fn say_why(error: &anyhow::Error) {
    // `twostep config` becomes this program, and goes on under its own name.
    let called = std::env::args_os().next().map(PathBuf::from);
    let name = called.as_deref().and_then(Path::file_name).unwrap_or(OsStr::new("twostep-standalone"));
    eprintln!("{}: {error}", name.display());
    for cause in error.chain().skip(1) {
        eprintln!("  because: {cause}");
    }
}

async fn start(run: Run) -> anyhow::Result<()> {
    let stop = Stop::on_signals()?;
    let loaded = load::<Settings>(Layers::from_process().file(run.config))?;
    for warning in &loaded.warnings {
        tracing::warn!("{warning}");
    }
    let installation =
        compose::Installation { profile: run.profile, data: run.data, test_clock: run.test_clock };
    let running = compose::start(loaded.settings, &installation, &stop).await?;
    tracing::info!(web = %running.web, admin = %running.admin, "ready");
    stop.requested().await;
    Ok(stop.finish().await?)
}

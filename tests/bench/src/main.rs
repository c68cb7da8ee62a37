//! Measures the product and prints each figure beside its limit or peer of the same run.

mod appends;
mod empty_route;
mod history;
mod idle;
mod mails;
mod members;
mod old_sign_ins;
mod peers;
mod replays;
mod row;
mod scans;
mod second_steps;
mod spent;
mod starts;
mod workers;

use std::fs;
use std::os::unix::process::CommandExt as _;
use std::path::PathBuf;
use std::process::Command;

use anyhow::Context as _;
use clap::{Parser, ValueEnum};

use row::{Row, table};

/// Measure the product beside its limits and peers: a table, and target/bench/summary.json.
///
/// Each row is a ratio of two figures of the same run, but for peers that don't run here, whose figures are constants and
/// named in the row; figures of two runs don't compare, since machines are shared.
#[derive(Parser)]
#[command(after_help = "Examples:
  bench
      everything; about half an hour
  bench --only appends --only scans
      these rows
  bench --regardless
      also where others use the machine, which spoils the figures")]
struct Arguments {
    /// Only these rows.
    #[arg(long, value_enum)]
    only: Vec<Group>,
    /// Measure even where others use the machine.
    #[arg(long)]
    regardless: bool,
}

/// Rows that are measured together.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Group {
    /// Appending to the embedded log.
    Appends,
    /// Reading the log, building read models.
    Scans,
    /// Second steps and sign-ins over HTTP.
    SecondSteps,
    /// People with many old sign-ins.
    OldSignIns,
    /// Large companies.
    Members,
    /// The e-mail worker at full speed.
    Mails,
    /// Several workers, and the time on the way.
    Workers,
    /// The auditor's replay.
    Replays,
    /// Starts.
    Starts,
}

impl Group {
    async fn rows(self) -> anyhow::Result<Vec<Row>> {
        match self {
            Self::Appends => appends::rows().await,
            Self::Scans => scans::rows().await,
            Self::SecondSteps => second_steps::rows().await,
            Self::OldSignIns => old_sign_ins::rows().await,
            Self::Members => members::rows().await,
            Self::Mails => mails::rows().await,
            Self::Workers => workers::rows().await,
            Self::Replays => replays::rows().await,
            Self::Starts => starts::rows(),
        }
    }
}

#[tokio::main]
#[allow(clippy::print_stdout, reason = "it is a command-line program")]
async fn main() -> anyhow::Result<()> {
    if std::env::args().nth(1).as_deref() == Some(empty_route::ARGUMENT) {
        return empty_route::serve().await;
    }
    let Arguments { only, regardless } = Arguments::parse();
    if std::env::var_os(spent::COUNTS).is_none() {
        return under_the_counter();
    }
    let mut rows = Vec::new();
    for group in Group::value_variants().iter().filter(|group| only.is_empty() || only.contains(group)) {
        if !regardless {
            idle::check()?;
        }
        let measured = group.rows().await?;
        print!("{}", table(&measured));
        rows.extend(measured);
        // What a later row breaks off takes nothing from those before it.
        let summary = serde_json::json!({ "regardless": regardless, "rows": rows });
        fs::write(target().join("summary.json"), serde_json::to_vec_pretty(&summary)?)?;
    }
    Ok(())
}

/// Where the figures go.
fn target() -> PathBuf {
    twostep_tests::repository().join("target/bench")
}

/// Runs this program again so that its syncs are counted, and those of everybody whom it starts.
fn under_the_counter() -> anyhow::Result<()> {
    let folder = target().join("syncs");
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder)?;
    let library = spent::library(&folder)?;
    let mut again = Command::new(std::env::current_exe()?);
    again.args(std::env::args_os().skip(1)).env(spent::COUNTS, &folder).env("LD_PRELOAD", library);
    Err(again.exec()).context("starting once more")
}

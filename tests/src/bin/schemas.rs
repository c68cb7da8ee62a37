//! Compares the checked-in schemas of the events with the types, or writes them anew.

use std::process::ExitCode;

use clap::Parser;
use twostep_tests::schemas;

/// Compare schemas/events with the types of the events.
///
/// Exit status: 0 when they agree (or were written), 1 when they differ, 2 on bad usage.
#[derive(Parser)]
struct Arguments {
    /// Make them agree.
    #[arg(long)]
    write: bool,
}

#[allow(clippy::print_stdout, reason = "it is a command-line program")]
fn main() -> anyhow::Result<ExitCode> {
    let write = Arguments::parse().write;
    let differences = if write { schemas::write()? } else { schemas::differences()? };
    for difference in &differences {
        println!("{difference}");
    }
    let total = schemas::wanted()?.len();
    println!("{} of {total} schemas {}", differences.len(), if write { "written" } else { "differ" });
    Ok(if write || differences.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

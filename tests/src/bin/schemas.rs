//! Compares the checked-in schemas of events and messages with the types, or writes them anew.

use std::process::ExitCode;

use clap::Parser;
use twostep_tests::schemas;

/// Compare schemas/events and schemas/messages with the types that they are of.
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
    let (mut differ, mut total) = (0, 0);
    for schemas in schemas::ALL {
        let differences = if write { schemas.write()? } else { schemas.differences()? };
        for difference in &differences {
            println!("{difference}");
        }
        differ += differences.len();
        total += schemas.wanted()?.len();
    }
    println!("{differ} of {total} schemas {}", if write { "written" } else { "differ" });
    Ok(if write || differ == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

//! `backup`: a whole copy of log and keys.

use std::io::Write as _;
use std::path::PathBuf;

use clap::Args;
use twostep_installation::backup;

/// What to copy where, while no service runs; `twostep backup` knows whether one does.
#[derive(Args)]
pub(crate) struct Backup {
    /// Where log and keys lie.
    #[arg(long, env = "TWOSTEP_DATA")]
    data: PathBuf,
    /// The new directory to write to.
    #[arg(long, value_name = "DIRECTORY")]
    to: PathBuf,
}

/// Writes the backup and prints a line of JSON.
pub(crate) fn run(asked: &Backup) -> anyhow::Result<()> {
    let written = backup::of_files(&asked.data, &asked.to)?;
    Ok(writeln!(std::io::stdout(), "{}", serde_json::to_string(&written)?)?)
}

//! `twostep backup`.

use std::io::Write as _;
use std::path::{Path, PathBuf, absolute};
use std::process::Stdio;

use anyhow::{Context as _, ensure};
use clap::Args;
use twostep_api::{BackUp, BackedUp};
use twostep_client::operator as service;

use crate::Output;
use crate::beside::{STANDALONE, command, not_found};

/// Where to.
#[derive(Args)]
pub(crate) struct Backup {
    /// A directory that isn't there yet; a running service writes it, with its own rights.
    #[arg(long, value_name = "DIRECTORY")]
    to: PathBuf,
}

/// Carries the command out: through the running service, else on files that nobody uses.
pub(crate) async fn run(data: &Path, output: Output, backup: Backup) -> anyhow::Result<()> {
    let to = absolute(&backup.to).context("--to")?;
    let written = if service::is_running(data) {
        let directory = to.to_str().context("--to is not text")?.to_owned();
        service::post(data, "backups", &BackUp { directory }).await?
    } else {
        from_files(data, &to)?
    };
    let text = match output {
        Output::Json => serde_json::to_string(&written)?,
        Output::Text => format!(
            "{} holds a whole copy: {} events in log.db, {} keys in keys.db. The master key is not in it.",
            written.directory, written.events, written.keys
        ),
    };
    Ok(writeln!(std::io::stdout(), "{text}")?)
}

/// The program that knows the files says on standard error why it can't.
fn from_files(data: &Path, to: &Path) -> anyhow::Result<BackedUp> {
    let mut command = command(STANDALONE);
    command.arg("backup").arg("--data").arg(data).arg("--to").arg(to).stderr(Stdio::inherit());
    let done = command.output().with_context(|| not_found(STANDALONE))?;
    ensure!(done.status.success(), "there is no backup");
    serde_json::from_slice(&done.stdout)
        .with_context(|| format!("{}'s answer can't be read: are both of one version?", STANDALONE))
}

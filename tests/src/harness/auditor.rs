//! The auditor's command line.

use std::process::{Command, Output};

use anyhow::{Context as _, ensure};
use serde::de::DeserializeOwned;

use super::program;

/// `twostep-audit` with `arguments`; what is in the environment for it is `environment`.
///
/// # Errors
/// It isn't built.
pub fn auditor(arguments: &[&str], environment: &[(&str, &str)]) -> anyhow::Result<Command> {
    let mut command = Command::new(program("twostep-audit")?);
    command.args(arguments).envs(environment.iter().copied());
    Ok(command)
}

/// What it printed, a value for each line; it ended well.
///
/// # Errors
/// It failed: the error holds what it said.
pub fn lines<T: DeserializeOwned>(mut command: Command) -> anyhow::Result<Vec<T>> {
    let Output { status, stdout, stderr } = command.output().context("starting twostep-audit")?;
    ensure!(status.success(), "{status}: {}", String::from_utf8_lossy(&stderr));
    let text = String::from_utf8(stdout)?;
    let read = |line: &str| serde_json::from_str(line).with_context(|| format!("reading {line}"));
    text.lines().map(read).collect()
}

//! The auditor's command line.

use std::io::{BufRead as _, BufReader};
use std::process::{Command, Output, Stdio};

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

/// How many lines it prints, and the most memory that it ever had, in KiB.
///
/// # Errors
/// It fails, or was never seen.
pub fn lines_and_peak(mut command: Command) -> anyhow::Result<(usize, u64)> {
    let mut child = command.stdout(Stdio::piped()).spawn().context("starting twostep-audit")?;
    let (mut seen, mut peak) = (0, None);
    for line in BufReader::new(child.stdout.take().context("it has no output")?).lines() {
        ensure!(line?.starts_with('{'), "a line is no event");
        seen += 1;
        // The peak never falls: what is seen last while it runs is nearly all of it.
        if seen % 2_000 == 0 {
            peak = peak_of(child.id()).or(peak);
        }
    }
    ensure!(child.wait()?.success(), "it failed");
    Ok((seen, peak.context("its memory was never seen")?))
}

/// The most memory that the process ever had, in KiB; nothing: it has ended.
fn peak_of(process: u32) -> Option<u64> {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().strip_suffix(" kB")?.trim().parse().ok()
}

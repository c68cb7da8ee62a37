//! What work costs beside time: processor, commits, syncs.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, ensure};
use serde::Serialize;

/// Where the counts of syncs lie; each process that runs under [`library`] has a file there, named by its id.
pub(crate) const COUNTS: &str = "BENCH_SYNCS";

/// Ticks of a processor's second in `/proc/<pid>/stat` (`USER_HZ`, the same on every Linux that we run on).
const TICKS: f64 = 100.0;

/// What some work cost.
#[derive(Clone, Copy, Debug, Default, Serialize)]
pub(crate) struct Spent {
    /// Events appended, or what else was counted: mails, requests.
    pub(crate) events: u64,
    /// Syncs of a write-ahead log: a commit each, and now and then one of a checkpoint.
    pub(crate) commits: u64,
    /// All syncs.
    pub(crate) fsyncs: u64,
    /// What went wrong.
    pub(crate) errors: u64,
    /// Seconds of processor time.
    pub(crate) cpu_seconds: f64,
}

impl std::fmt::Display for Spent {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { events, commits, fsyncs, errors, cpu_seconds } = self;
        write!(
            f,
            "{events} events, {commits} commits, {fsyncs} fsyncs, {errors} errors, {cpu_seconds:.2} CPU-s"
        )
    }
}

impl std::ops::Add for Spent {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self {
            events: self.events + other.events,
            commits: self.commits + other.commits,
            fsyncs: self.fsyncs + other.fsyncs,
            errors: self.errors + other.errors,
            cpu_seconds: self.cpu_seconds + other.cpu_seconds,
        }
    }
}

/// Reads what processes spend from its making on.
pub(crate) struct Meter {
    processes: Vec<u32>,
    before: Spent,
}

impl Meter {
    /// A meter of this process.
    pub(crate) fn own() -> anyhow::Result<Self> {
        Self::of(&[std::process::id()])
    }

    /// A meter of some processes.
    pub(crate) fn of(processes: &[u32]) -> anyhow::Result<Self> {
        Ok(Self { processes: processes.to_vec(), before: sum(processes)? })
    }

    /// What was spent since; `events` and `errors` are the caller's counts.
    pub(crate) fn read(&self, events: u64, errors: u64) -> anyhow::Result<Spent> {
        let (now, before) = (sum(&self.processes)?, &self.before);
        Ok(Spent {
            events,
            commits: now.commits - before.commits,
            fsyncs: now.fsyncs - before.fsyncs,
            errors,
            cpu_seconds: now.cpu_seconds - before.cpu_seconds,
        })
    }
}

fn sum(processes: &[u32]) -> anyhow::Result<Spent> {
    let mut sum = Spent::default();
    for process in processes {
        let stat = fs::read_to_string(format!("/proc/{process}/stat"))?;
        // The name, in parentheses, may hold anything; user and system time are the 12th and 13th after it.
        let (_, fields) = stat.rsplit_once(')').context("no process")?;
        let ticks = fields.split_whitespace().skip(11).take(2).map(str::parse::<f64>);
        sum.cpu_seconds += ticks.sum::<Result<f64, _>>()? / TICKS;
        let counts = std::env::var_os(COUNTS).map(|folder| PathBuf::from(folder).join(process.to_string()));
        if let Some(Ok(counts)) = counts.map(fs::read)
            && let (Some(commits), Some(fsyncs)) = (counts.get(..8), counts.get(8..16))
        {
            sum.commits += u64::from_ne_bytes(commits.try_into()?);
            sum.fsyncs += u64::from_ne_bytes(fsyncs.try_into()?);
        }
    }
    Ok(sum)
}

/// Resident memory of a process, in MiB.
pub(crate) fn resident_mib(process: u32) -> anyhow::Result<f64> {
    let status = fs::read_to_string(format!("/proc/{process}/status"))?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).context("no process")?;
    Ok(line.trim().trim_end_matches("kB").trim().parse::<f64>()? / 1_024.0)
}

/// Builds the library that counts syncs, in `folder`.
pub(crate) fn library(folder: &Path) -> anyhow::Result<PathBuf> {
    let (source, library) = (folder.join("syncs.c"), folder.join("syncs.so"));
    fs::write(&source, include_str!("syncs.c"))?;
    let built =
        Command::new("cc").args(["-shared", "-fPIC", "-O2", "-o"]).arg(&library).arg(&source).status();
    ensure!(built.context("starting cc")?.success(), "cc can't build {}", source.display());
    Ok(library)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn processor_time_is_that_of_the_process() {
        let meter = Meter::own().unwrap();
        let begun = std::time::Instant::now();
        // Until a tick has passed, however slow the machine is.
        while meter.read(0, 0).unwrap().cpu_seconds == 0.0 {}
        let spent = meter.read(3, 1).unwrap();
        assert!(spent.cpu_seconds <= begun.elapsed().as_secs_f64() * 64.0 + 1.0 / TICKS, "{spent}");
        assert_eq!((spent.events, spent.errors), (3, 1));
    }
}

//! Whether the machine is ours.

use std::fs;
use std::time::Duration;

use anyhow::{Context as _, ensure};

/// How long it is watched.
const WATCHED: Duration = Duration::from_secs(2);

/// The share of the machine that others may use.
const OTHERS: f64 = 0.1;

/// Refuses to measure while others take more than a tenth of the machine.
///
/// # Errors
/// They do.
pub(crate) fn check() -> anyhow::Result<()> {
    let before = Ticks::read()?;
    std::thread::sleep(WATCHED);
    let share = Ticks::read()?.share_since(&before);
    let percent = share * 100.0;
    ensure!(
        share <= OTHERS,
        "others take {percent:.0} % of the machine, and every figure would be theirs: stop them, or say --regardless"
    );
    Ok(())
}

/// Ticks of all processors since the machine started.
struct Ticks {
    busy: f64,
    all: f64,
}

impl Ticks {
    fn read() -> anyhow::Result<Self> {
        Self::parse(&fs::read_to_string("/proc/stat")?)
    }

    /// The first line of `/proc/stat`: user, nice, system, idle, iowait, and what isn't ours (proc_stat(5)).
    fn parse(stat: &str) -> anyhow::Result<Self> {
        let line = stat.lines().next().context("no processors")?;
        let ticks = line.split_whitespace().skip(1).take(8).map(str::parse::<f64>);
        let ticks = ticks.collect::<Result<Vec<_>, _>>()?;
        let (all, idle) = (ticks.iter().sum::<f64>(), ticks.iter().skip(3).take(2).sum::<f64>());
        Ok(Self { busy: all - idle, all })
    }

    fn share_since(&self, before: &Self) -> f64 {
        (self.busy - before.busy) / (self.all - before.all).max(1.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waiting_for_a_disk_is_no_work() {
        let before = Ticks::parse("cpu  100 0 50 1000 10 0 0 0 0 0\n").unwrap();
        let after = Ticks::parse("cpu  105 0 55 1070 30 0 0 0 0 0\n").unwrap();
        assert!((after.share_since(&before) - 0.1).abs() < 1e-9);
    }
}

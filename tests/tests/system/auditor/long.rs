//! A history of any length is replayed in the same memory.

use std::io::{BufRead as _, BufReader};
use std::process::Stdio;

use twostep_tests::harness::auditor;
use twostep_tests::story::long_log;

use super::company;

/// What the longer replay may need beyond the shorter one, in KiB.
const SLACK: u64 = 4 * 1024;

#[tokio::test]
async fn a_history_ten_times_as_long_is_replayed_in_the_same_memory() {
    let home = tempfile::tempdir().unwrap();
    let mut peaks = Vec::new();
    for length in [10_000, 100_000] {
        let log = home.path().join(format!("{length}.db"));
        long_log(&log, company("long"), length).await.unwrap();
        let mut command = auditor(&["--log", log.to_str().unwrap(), "replay"], &[]).unwrap();
        let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
        let (mut seen, mut peak) = (0, 0);
        for line in BufReader::new(child.stdout.take().unwrap()).lines() {
            assert!(line.unwrap().starts_with('{'));
            seen += 1;
            if seen % 2_000 == 0 {
                peak = peak_of(child.id()).unwrap_or(peak);
            }
        }
        assert!(child.wait().unwrap().success());
        assert_eq!(seen, length);
        assert!(peak > 0, "its memory was never seen");
        peaks.push(peak);
    }
    assert!(
        peaks[1] <= peaks[0] + SLACK,
        "{} KiB for ten times as much, where {} KiB were enough",
        peaks[1],
        peaks[0]
    );
}

/// The most memory that the process ever had, in KiB; nothing: it has ended.
fn peak_of(process: u32) -> Option<u64> {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().strip_suffix(" kB")?.trim().parse().ok()
}

//! A history of any length is replayed in the same memory.

use twostep_tests::harness::{auditor, lines_and_peak};
use twostep_tests::story::long_log;

use super::company;

/// What the longer replay may need beyond the shorter one, in KiB.
const SLACK: u64 = 4 * 1024;

#[tokio::test]
async fn a_history_ten_times_as_long_is_replayed_in_the_same_memory() {
    let home = tempfile::tempdir().unwrap();
    let mut peaks = Vec::new();
    // `./just bench` replays 1,000,000.
    for length in [10_000, 100_000] {
        let log = home.path().join(format!("{length}.db"));
        long_log(&log, company("long"), length).await.unwrap();
        let command = auditor(&["--log", log.to_str().unwrap(), "replay"], &[]).unwrap();
        let (seen, peak) = lines_and_peak(command).unwrap();
        assert_eq!(seen, length);
        peaks.push(peak);
    }
    let (few, many) = (peaks[0], peaks[1]);
    assert!(many <= few + SLACK, "{many} KiB for ten times as much, where {few} KiB were enough");
}

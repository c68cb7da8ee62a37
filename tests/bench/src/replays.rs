//! What a replay of a long history needs.

use std::time::Instant;

use anyhow::{Context as _, ensure};
use twostep_domain::{CompanyId, Slug};

use twostep_tests::harness::{auditor, lines_and_peak};
use twostep_tests::story::long_log;

use crate::row::Row;

/// A history of 1,000,000 events beside one of 100,000: the most memory that a replay ever has, and its time for each event.
///
/// # Errors
/// The program isn't built, or shows other than what there is.
pub(crate) async fn rows() -> anyhow::Result<Vec<Row>> {
    let home = tempfile::tempdir()?;
    let company = CompanyId::of(&Slug::parse("long")?);
    let (mut memory, mut times) = (Vec::new(), Vec::new());
    for length in [100_000, 1_000_000] {
        let log = home.path().join("log.db");
        long_log(&log, company, length).await?;
        let begun = Instant::now();
        let command = auditor(&["--log", log.to_str().context("no text")?, "replay"], &[])?;
        let (seen, peak) = lines_and_peak(command)?;
        ensure!(seen == length, "{seen} of {length} events");
        memory.push(u32::try_from(peak / 1_024).map_or(f64::NAN, f64::from));
        times.push(begun.elapsed().as_secs_f64() * 1e6 / f64::from(u32::try_from(length)?));
        std::fs::remove_file(log)?;
    }
    Ok(vec![
        Row::at_most(
            "memory of an auditor's replay of 1,000,000 events, beside one of 100,000",
            "MiB",
            memory[1],
            memory[0],
            1.1,
        ),
        Row::at_most(
            "an event's time in an auditor's replay of 1,000,000, beside one of 100,000",
            "µs",
            times[1],
            times[0],
            1.25,
        ),
    ])
}

//! Sending on time, and hearing how long answers took.

use std::time::{Duration, Instant};

use anyhow::Context as _;
use futures::{StreamExt as _, stream};
use hdrhistogram::Histogram;
use twostep_api::{Next, ProofKind, Verify};

use super::people::Pending;
use super::{Load, Outcome};

/// What was heard so far; times in microseconds.
#[derive(Debug)]
pub struct Heard {
    times: Histogram<u64>,
    verified: usize,
    errors: usize,
}

impl Heard {
    /// Nothing yet.
    ///
    /// # Errors
    /// None expected.
    pub fn new() -> anyhow::Result<Self> {
        Ok(Self { times: Histogram::new(3).context("a histogram")?, verified: 0, errors: 0 })
    }

    /// Codes that weren't accepted.
    #[must_use]
    pub fn errors(&self) -> usize {
        self.errors
    }

    /// What it adds up to, at a rate that was measured beside it.
    #[must_use]
    pub fn outcome(&self, per_second: f64) -> Outcome {
        let ms = |quantile| {
            f64::from(u32::try_from(self.times.value_at_quantile(quantile)).unwrap_or(u32::MAX)) / 1_000.0
        };
        Outcome {
            verified: self.verified,
            errors: self.errors,
            per_second,
            p50_ms: ms(0.5),
            p99_ms: ms(0.99),
            max_ms: ms(1.0),
        }
    }
}

/// Sends every code; gives how many were accepted in a second.
///
/// A request that is due while every connection is busy waits, and that wait is part of its time.
///
/// # Errors
/// None expected.
pub async fn verify(work: Vec<(Pending, String)>, load: Load, heard: &mut Heard) -> anyhow::Result<f64> {
    let begun = Instant::now();
    let due = |number: usize| {
        let after = load
            .rate
            .map(|rate| Duration::from_secs_f64(f64::from(u32::try_from(number).unwrap_or(u32::MAX)) / rate));
        after.map(|after| begun + after)
    };
    let sent = stream::iter(work.into_iter().enumerate()).map(|(number, (pending, code))| async move {
        let due = due(number);
        if let Some(due) = due {
            tokio::time::sleep_until(due.into()).await;
        }
        let from = due.unwrap_or_else(Instant::now);
        let verify = Verify { method: ProofKind::App, code };
        let answer = pending.api.verify(pending.id, &verify).await;
        (answer.is_ok_and(|answer| answer.next == Next::SignedIn), from.elapsed())
    });
    let answers: Vec<_> = sent.buffer_unordered(load.connections).collect().await;
    let took = begun.elapsed();
    let accepted = answers.iter().filter(|(accepted, _)| *accepted).count();
    heard.verified += accepted;
    heard.errors += answers.len() - accepted;
    for (_, time) in answers {
        heard.times.record(u64::try_from(time.as_micros())?)?;
    }
    Ok(f64::from(u32::try_from(accepted)?) / took.as_secs_f64())
}

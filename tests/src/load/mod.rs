//! Load: many people's second steps, sent when they are due and not when the last answer came (open loop).
//!
//! The people are made over HTTP and mail like any others, and their codes come from an app that isn't ours.

mod open_loop;
mod people;
mod product;

use anyhow::{Context as _, ensure};
use serde::{Deserialize, Serialize};

pub use open_loop::{Heard, verify};
pub use people::{Pending, Person, begin, codes, seed};
pub use product::Target;

use crate::harness::Inbox;

/// What to send.
#[derive(Clone, Copy, Debug)]
pub struct Load {
    /// How many people there are; each verifies once in a round.
    pub people: usize,
    /// How many requests are under way at most.
    pub connections: usize,
    /// How many begin in a second; none: whenever a connection is free.
    pub rate: Option<f64>,
    /// How often everybody verifies.
    pub rounds: usize,
}

/// What came of it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Outcome {
    /// Second steps that were accepted.
    pub verified: usize,
    /// Those that weren't.
    pub errors: usize,
    /// Accepted in a second, of the median round.
    pub per_second: f64,
    /// Milliseconds from when a request was due until its answer, of all rounds.
    pub p50_ms: f64,
    /// The same.
    pub p99_ms: f64,
    /// The same.
    pub max_ms: f64,
}

/// Makes the people and lets them verify.
///
/// # Errors
/// Somebody can't be made or can't begin; codes that are refused are counted.
pub async fn run(target: &Target, inbox: &Inbox, load: Load) -> anyhow::Result<Outcome> {
    ensure!(load.people > 0 && load.connections > 0 && load.rounds > 0, "a load of nothing");
    let people = seed(target, inbox, load.people).await?;
    let mut heard = Heard::new()?;
    let mut rates = Vec::new();
    for _ in 0..load.rounds {
        let pending = begin(target, &people).await?;
        let codes = codes(target, &people).await?;
        let work = pending.into_iter().zip(codes).collect();
        rates.push(verify(work, load, &mut heard).await?);
    }
    rates.sort_by(f64::total_cmp);
    let per_second = rates.get(rates.len() / 2).copied().context("no round")?;
    Ok(heard.outcome(per_second))
}

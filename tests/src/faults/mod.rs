//! What goes wrong in a cluster, and what becomes of the messages meanwhile: real processes, a real nats-server.
//!
//! Whatever happens, each intent ends in one outcome, nothing is lost, and a message arrives more than once at most as
//! often as somebody crashed.

mod broker;
mod field;
mod flood;
mod gateway;
mod outcomes;
mod poison;
mod relay;
mod workers;

use std::fmt::Write as _;

pub use field::Field;

/// How often each fault strikes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Length {
    /// As often as a test run bears.
    Short,
    /// As often as it takes to believe it.
    Long,
}

impl Length {
    /// One of two numbers.
    fn of(self, short: usize, long: usize) -> usize {
        if self == Self::Short { short } else { long }
    }
}

/// What became of the messages while one fault struck.
#[derive(Clone, Debug)]
pub struct Row {
    /// What went wrong.
    pub fault: &'static str,
    /// How often.
    pub runs: usize,
    /// Messages that were wanted.
    pub intents: usize,
    /// Of these, not there, and not because of a crash of which nobody can know whether it came before or after.
    pub lost: usize,
    /// Copies beyond the first.
    pub duplicated: usize,
    /// How many of those are allowed: one per crash.
    pub bound: usize,
    /// Messages without an outcome.
    pub never_ended: usize,
}

impl Row {
    /// Whether it went as it may.
    #[must_use]
    pub fn holds(&self) -> bool {
        self.lost == 0 && self.never_ended == 0 && self.duplicated <= self.bound
    }
}

/// Workers that die, stop, freeze, or take long.
///
/// # Errors
/// The product doesn't do what it should beside the messages: somebody can't sign in, a program doesn't come back.
pub async fn of_workers(length: Length) -> anyhow::Result<Vec<Row>> {
    workers::rows(length).await
}

/// A broker that dies, stays away, or loses everything.
///
/// # Errors
/// As of [`of_workers`].
pub async fn of_the_broker(length: Length) -> anyhow::Result<Vec<Row>> {
    broker::rows(length).await
}

/// Messages that nobody can work on.
///
/// # Errors
/// As of [`of_workers`].
pub async fn of_poison(length: Length) -> anyhow::Result<Vec<Row>> {
    poison::rows(length).await
}

/// A mail relay that says no, says nothing, or hangs up.
///
/// # Errors
/// As of [`of_workers`].
pub async fn of_the_relay(length: Length) -> anyhow::Result<Vec<Row>> {
    relay::rows(length).await
}

/// An SMS gateway that says no, says something unheard of, or hangs up.
///
/// # Errors
/// As of [`of_workers`].
pub async fn of_the_gateway(length: Length) -> anyhow::Result<Vec<Row>> {
    gateway::rows(length).await
}

/// A flood of notices.
///
/// # Errors
/// As of [`of_workers`].
pub async fn of_a_flood(length: Length) -> anyhow::Result<Vec<Row>> {
    flood::rows(length).await
}

/// The rows as a table for people.
#[must_use]
pub fn table(rows: &[Row]) -> String {
    let width = rows.iter().map(|row| row.fault.chars().count()).max().unwrap_or(0);
    let mut text = format!("{:<width$}  runs  intents  lost  duplicated (at most)  never ended\n", "fault");
    for Row { fault, runs, intents, lost, duplicated, bound, never_ended } in rows {
        let _ = writeln!(
            text,
            "{fault:<width$}  {runs:>4}  {intents:>7}  {lost:>4}  {duplicated:>10} ({bound:>7})  {never_ended:>11}"
        );
    }
    text
}

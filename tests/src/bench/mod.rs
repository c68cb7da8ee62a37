//! What the measures are made of: rows with a figure, what stands beside it, and the goal.

mod history;
pub mod old_sign_ins;
pub mod replays;
pub mod workers;

use std::fmt::Write as _;
use std::time::Duration;

use serde::Serialize;

/// One measure.
#[derive(Debug, Serialize)]
pub struct Row {
    /// The work.
    pub name: &'static str,
    /// How much of `unit` it took or did: a median.
    pub figure: f64,
    /// The unit of `figure` and `beside`.
    pub unit: &'static str,
    /// The same of the limit or peer, measured in the same run.
    pub beside: f64,
    /// `figure` in terms of `beside`.
    pub ratio: f64,
    /// What the ratio should be.
    pub goal: f64,
    /// On which side of the goal it should be.
    pub direction: Direction,
}

/// On which side of its goal a ratio should be.
#[derive(Clone, Copy, Debug, Serialize, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// No smaller.
    AtLeast,
    /// No larger.
    AtMost,
}

impl Row {
    /// Whether the goal is reached.
    #[must_use]
    pub fn reached(&self) -> bool {
        match self.direction {
            Direction::AtLeast => self.ratio >= self.goal,
            Direction::AtMost => self.ratio <= self.goal,
        }
    }
}

/// The rows as a table for people.
#[must_use]
pub fn table(rows: &[Row]) -> String {
    let mut text = String::new();
    for row in rows {
        let side = if row.direction == Direction::AtLeast { "≥" } else { "≤" };
        let verdict = if row.reached() { "reached" } else { "missed" };
        let Row { name, figure, unit, beside, ratio, goal, .. } = row;
        let _ = writeln!(
            text,
            "{name}: {figure:.1} {unit}, beside {beside:.1} {unit}; ratio {ratio:.2}, goal {side} {goal}: {verdict}"
        );
    }
    text
}

/// The median in milliseconds; of an even number the upper one.
fn median(mut times: Vec<Duration>) -> f64 {
    times.sort_unstable();
    times.get(times.len() / 2).map_or(f64::NAN, |median| median.as_secs_f64() * 1_000.0)
}

//! A measure: its figure, what stands beside it, and the goal.

use std::fmt::Write as _;
use std::time::Duration;

use serde::Serialize;

use crate::spent::Spent;

/// One measure.
#[derive(Debug, Serialize)]
pub(crate) struct Row {
    /// The work.
    name: String,
    /// How much of `unit` it took or did: a median.
    figure: f64,
    /// The unit of `figure` and `beside`.
    unit: &'static str,
    /// The same of the limit or peer.
    beside: f64,
    /// `figure` in terms of `beside`; none where either side had errors.
    ratio: Option<f64>,
    /// What the ratio should be.
    goal: f64,
    /// On which side of the goal it should be.
    direction: Direction,
    /// What the work cost, where it was counted.
    #[serde(skip_serializing_if = "Option::is_none")]
    spent: Option<Spent>,
    /// What the limit or peer cost.
    #[serde(skip_serializing_if = "Option::is_none")]
    beside_spent: Option<Spent>,
}

/// On which side of its goal a ratio should be.
#[derive(Clone, Copy, Debug, Serialize, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
enum Direction {
    /// No smaller.
    AtLeast,
    /// No larger.
    AtMost,
}

/// One side of a row: a figure, and what it cost where that was counted.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Side {
    pub(crate) figure: f64,
    pub(crate) spent: Option<Spent>,
}

impl Side {
    /// The median figure of some runs, with what all of them spent.
    pub(crate) fn median(runs: &[Self]) -> Self {
        let spent = runs.iter().filter_map(|run| run.spent).reduce(|sum, spent| sum + spent);
        Self { figure: median(runs.iter().map(|run| run.figure).collect()), spent }
    }
}

impl From<f64> for Side {
    fn from(figure: f64) -> Self {
        Self { figure, spent: None }
    }
}

impl Row {
    /// A measure that should be `goal` times `beside` or more.
    pub(crate) fn at_least(
        name: impl Into<String>,
        unit: &'static str,
        side: impl Into<Side>,
        beside: impl Into<Side>,
        goal: f64,
    ) -> Self {
        Self::new(name.into(), unit, side.into(), beside.into(), goal, Direction::AtLeast)
    }

    /// A measure that should be `goal` times `beside` or less.
    pub(crate) fn at_most(
        name: impl Into<String>,
        unit: &'static str,
        side: impl Into<Side>,
        beside: impl Into<Side>,
        goal: f64,
    ) -> Self {
        Self::new(name.into(), unit, side.into(), beside.into(), goal, Direction::AtMost)
    }

    fn new(
        name: String,
        unit: &'static str,
        side: Side,
        beside: Side,
        goal: f64,
        direction: Direction,
    ) -> Self {
        let clean = [side.spent, beside.spent].into_iter().flatten().all(|spent| spent.errors == 0);
        let ratio = clean.then_some(side.figure / beside.figure).filter(|ratio| ratio.is_finite());
        let (figure, spent, beside, beside_spent) = (side.figure, side.spent, beside.figure, beside.spent);
        Self { name, figure, unit, beside, ratio, goal, direction, spent, beside_spent }
    }

    fn verdict(&self) -> &'static str {
        match (self.ratio, self.direction) {
            (None, _) => "errors",
            (Some(ratio), Direction::AtLeast) if ratio >= self.goal => "reached",
            (Some(ratio), Direction::AtMost) if ratio <= self.goal => "reached",
            (Some(_), _) => "missed",
        }
    }
}

/// The rows as a table for people.
pub(crate) fn table(rows: &[Row]) -> String {
    let mut text = String::new();
    for row in rows {
        let side = if row.direction == Direction::AtLeast { "≥" } else { "≤" };
        let ratio = row.ratio.map_or_else(|| "none".to_owned(), |ratio| format!("{ratio:.2}"));
        let Row { name, figure, unit, beside, goal, spent, beside_spent, .. } = row;
        let verdict = row.verdict();
        let _ = writeln!(
            text,
            "{verdict:>7}  {name}\n         {figure:.1} {unit}, beside {beside:.1} {unit}; ratio {ratio}, goal {side} {goal}"
        );
        for (whose, spent) in [("it", spent), ("beside", beside_spent)] {
            if let Some(spent) = spent {
                let _ = writeln!(text, "         {whose}: {spent}");
            }
        }
    }
    text
}

/// The median in milliseconds; of an even number the upper one.
pub(crate) fn median_ms(mut times: Vec<Duration>) -> f64 {
    times.sort_unstable();
    times.get(times.len() / 2).map_or(f64::NAN, |median| median.as_secs_f64() * 1_000.0)
}

/// The median; of an even number the upper one.
pub(crate) fn median(mut figures: Vec<f64>) -> f64 {
    figures.sort_by(f64::total_cmp);
    figures.get(figures.len() / 2).copied().unwrap_or(f64::NAN)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(figure: f64, errors: u64, direction: Direction) -> Row {
        let side = Side { figure, spent: Some(Spent { errors, ..Spent::default() }) };
        Row::new("work".to_owned(), "ms", side, 10.0.into(), 0.9, direction)
    }

    #[test]
    fn a_row_is_measured_against_its_goal_from_the_right_side() {
        let verdicts = [(9.0, Direction::AtLeast), (8.9, Direction::AtLeast), (9.0, Direction::AtMost)];
        let verdicts = verdicts.map(|(figure, direction)| row(figure, 0, direction).verdict());
        assert_eq!(verdicts, ["reached", "missed", "reached"]);
        assert_eq!(row(9.1, 0, Direction::AtMost).verdict(), "missed");
    }

    #[test]
    fn a_row_with_errors_has_no_ratio() {
        let row = row(1_000.0, 1, Direction::AtLeast);
        assert_eq!((row.ratio, row.verdict()), (None, "errors"));
        assert!(table(&[row]).contains("ratio none"));
    }

    #[test]
    fn the_median_of_an_even_number_is_the_upper_one() {
        assert!((median(vec![4.0, 1.0, 2.0, 3.0]) - 3.0).abs() < f64::EPSILON);
    }
}

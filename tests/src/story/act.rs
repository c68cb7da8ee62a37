//! Counting the steps of a story and the time they take.

use std::future::Future;
use std::time::{Duration, Instant};

use anyhow::Context as _;

/// The steps played so far.
#[derive(Default)]
pub struct Act {
    took: Vec<Duration>,
}

impl Act {
    /// Plays one step; the first that differs ends the story, naming it.
    ///
    /// # Errors
    /// The step's.
    pub async fn step<T>(
        &mut self,
        name: &str,
        step: impl Future<Output = anyhow::Result<T>>,
    ) -> anyhow::Result<T> {
        let started = Instant::now();
        let result = step.await.with_context(|| format!("step {}: {name}", self.took.len() + 1))?;
        self.took.push(started.elapsed());
        Ok(result)
    }

    /// How many steps were played.
    #[must_use]
    pub fn steps(&self) -> usize {
        self.took.len()
    }

    /// The median step's time in milliseconds.
    #[must_use]
    pub fn p50_ms(&self) -> f64 {
        let mut took = self.took.clone();
        took.sort_unstable();
        took.get(took.len() / 2).map_or(0.0, |median| median.as_secs_f64() * 1_000.0)
    }
}

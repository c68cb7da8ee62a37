//! The clock that a process runs on.

use std::time::Instant;

use async_trait::async_trait;

use crate::flow::{Clocks, Flow};
use crate::{Clock, SystemClock, Time};

/// The machine's clock, as far as it goes forwards; the only one that the `production` profile accepts.
///
/// Set back, it revives nothing: `now()` goes on from the latest instant given, at the rate of the monotonic clock. A
/// jump of more than a minute either way is logged.
#[derive(Debug)]
pub struct SteadyClock {
    started: Instant,
    flow: Flow,
}

impl SteadyClock {
    /// The clock of a process that starts.
    #[must_use]
    pub fn start() -> Self {
        Self { started: Instant::now(), flow: Flow::default() }
    }

    fn read(&self) -> Clocks {
        Clocks { wall: SystemClock.now(), monotonic: self.started.elapsed() }
    }
}

#[async_trait]
impl Clock for SteadyClock {
    fn now(&self) -> Time {
        self.flow.now(|| self.read())
    }

    fn wall(&self) -> Time {
        SystemClock.now()
    }

    fn not_before(&self, instant: Time) {
        self.flow.not_before(instant, || self.read());
    }

    async fn sleep_until(&self, instant: Time) {
        if let Ok(wait) = (instant - self.now()).to_std() {
            tokio::time::sleep(wait).await;
        }
    }
}

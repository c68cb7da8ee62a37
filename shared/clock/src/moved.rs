//! A clock that a test moves.

use async_trait::async_trait;
use chrono::Duration;
use tokio::sync::watch;

use crate::{Clock, SystemClock, Time};

/// The machine's clock plus an offset that tests set; whoever sleeps wakes when the offset passes its instant.
///
/// It keeps running between moves, so that a program under test behaves as on any day.
#[derive(Debug)]
pub struct MovedClock {
    offset: watch::Sender<Duration>,
    frozen: Option<Time>,
}

impl MovedClock {
    /// A clock that runs with the machine's until it is moved.
    #[must_use]
    pub fn running() -> Self {
        Self { offset: watch::Sender::new(Duration::zero()), frozen: None }
    }

    /// A clock that stands still at `instant` until it is moved.
    #[must_use]
    pub fn frozen_at(instant: Time) -> Self {
        Self { offset: watch::Sender::new(Duration::zero()), frozen: Some(instant) }
    }

    /// Moves the clock by `by`, forwards or (negative) backwards.
    pub fn advance(&self, by: Duration) {
        self.offset.send_modify(|offset| *offset += by);
    }
}

#[async_trait]
impl Clock for MovedClock {
    fn now(&self) -> Time {
        self.frozen.unwrap_or_else(|| SystemClock.now()) + *self.offset.borrow()
    }

    async fn sleep_until(&self, instant: Time) {
        let mut moved = self.offset.subscribe();
        loop {
            let wait = match (instant - self.now()).to_std() {
                Ok(wait) if !wait.is_zero() => wait,
                _ => return,
            };
            if self.frozen.is_some() {
                if moved.changed().await.is_err() {
                    return;
                }
                continue;
            }
            tokio::select! {
                () = tokio::time::sleep(wait) => {}
                changed = moved.changed() => if changed.is_err() { return },
            }
        }
    }
}

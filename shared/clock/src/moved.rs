//! A clock that a test moves.

use std::sync::{Mutex, PoisonError};
use std::time::Instant;

use async_trait::async_trait;
use chrono::Duration;
use tokio::sync::watch;

use crate::flow::{Clocks, Flow};
use crate::{Clock, SystemClock, Time};

/// The machine's clock plus an offset that tests set; whoever sleeps wakes when the offset passes its instant.
///
/// It keeps running between moves, so that a program under test behaves as on any day. What is moved is the clock on
/// the wall: moved back, `now()` keeps the promise of [`SteadyClock`](crate::SteadyClock) and doesn't follow.
#[derive(Debug)]
pub struct MovedClock {
    offset: watch::Sender<Duration>,
    base: Base,
    flow: Flow,
    /// Held from reading the clock to moving it, so that two at once don't both move it all the way.
    moving: Mutex<()>,
}

/// What is moved.
#[derive(Debug)]
enum Base {
    /// The machine's clock, since.
    Running(Instant),
    /// A clock that stands still.
    Frozen(Time),
}

impl MovedClock {
    /// A clock that runs with the machine's until it is moved.
    #[must_use]
    pub fn running() -> Self {
        Self::on(Base::Running(Instant::now()))
    }

    /// A clock that stands still at `instant` until it is moved.
    #[must_use]
    pub fn frozen_at(instant: Time) -> Self {
        Self::on(Base::Frozen(instant))
    }

    fn on(base: Base) -> Self {
        Self {
            offset: watch::Sender::new(Duration::zero()),
            base,
            flow: Flow::default(),
            moving: Mutex::default(),
        }
    }

    /// Moves the clock by `by`, forwards or (negative) backwards.
    pub fn advance(&self, by: Duration) {
        let _moving = self.moving.lock().unwrap_or_else(PoisonError::into_inner);
        self.shift(by);
    }

    fn shift(&self, by: Duration) {
        self.now();
        self.offset.send_modify(|offset| *offset += by);
    }

    fn read(&self) -> Clocks {
        let monotonic = match self.base {
            Base::Running(since) => since.elapsed(),
            Base::Frozen(_) => std::time::Duration::ZERO,
        };
        Clocks { wall: self.wall(), monotonic }
    }
}

#[async_trait]
impl Clock for MovedClock {
    fn now(&self) -> Time {
        self.flow.now(|| self.read())
    }

    fn wall(&self) -> Time {
        let base = match self.base {
            Base::Running(_) => SystemClock.now(),
            Base::Frozen(instant) => instant,
        };
        base + *self.offset.borrow()
    }

    fn is_moved(&self) -> bool {
        true
    }

    /// The clock on the wall goes with it: after a restart a test finds the time where the log left it.
    fn not_before(&self, instant: Time) {
        let _moving = self.moving.lock().unwrap_or_else(PoisonError::into_inner);
        let behind = instant - self.now();
        if behind > Duration::zero() {
            self.shift(behind);
        }
    }

    async fn sleep_until(&self, instant: Time) {
        let mut moved = self.offset.subscribe();
        loop {
            let wait = match (instant - self.now()).to_std() {
                Ok(wait) if !wait.is_zero() => wait,
                _ => return,
            };
            if matches!(self.base, Base::Frozen(_)) {
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

#[cfg(test)]
mod tests {
    use std::sync::Barrier;

    use super::*;

    #[test]
    fn however_many_say_at_once_where_the_log_is_it_goes_there_and_no_further() {
        for _ in 0..500 {
            let clock = MovedClock::frozen_at(Time::UNIX_EPOCH);
            let log = Time::UNIX_EPOCH + Duration::hours(1);
            let together = Barrier::new(8);
            std::thread::scope(|scope| {
                for _ in 0..8 {
                    scope.spawn(|| {
                        together.wait();
                        clock.not_before(log);
                    });
                }
            });
            assert_eq!(clock.now(), log);
        }
    }
}

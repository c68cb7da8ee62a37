//! Time that never goes back, made from a clock that may.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use chrono::TimeDelta;

use crate::Time;

/// What the wall clock may move against the monotonic one before somebody is told.
const JUMP: TimeDelta = TimeDelta::minutes(1);

/// Follows the wall clock forwards. Where the wall clock falls behind, time flows on from the latest instant given, as
/// fast as the monotonic clock: what is over stays over, and nothing lives longer because time stands still (S30).
#[derive(Debug, Default)]
pub(crate) struct Flow(Mutex<Option<Reading>>);

/// The two clocks, read together.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Clocks {
    /// What the machine says; it may be set.
    pub(crate) wall: Time,
    /// How much time has passed since some beginning; nobody sets it.
    pub(crate) monotonic: Duration,
}

#[derive(Clone, Copy, Debug)]
struct Reading {
    clocks: Clocks,
    given: Time,
}

impl Flow {
    /// The present instant by `read`, which is at or after every instant given before.
    pub(crate) fn now(&self, read: impl FnOnce() -> Clocks) -> Time {
        let mut last = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        // Read under the lock: whoever read first gives first.
        let clocks = read();
        let given = last.map_or(clocks.wall, |last| last.next(clocks));
        *last = Some(Reading { clocks, given });
        given
    }

    /// Gives nothing before `instant` any more.
    pub(crate) fn not_before(&self, instant: Time, read: impl FnOnce() -> Clocks) {
        let now = self.now(read);
        if instant <= now {
            return;
        }
        if instant - now > JUMP {
            tracing::warn!(
                clock = %now, recorded = %instant,
                "the log was written by a clock that was ahead of this machine's: time goes on from what it says, so \
                 that nothing lives twice; check that the clock is set by NTP"
            );
        }
        let mut last = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(last) = last.as_mut() {
            last.given = last.given.max(instant);
        }
    }
}

impl Reading {
    fn next(self, clocks: Clocks) -> Time {
        let passed = clocks.monotonic.saturating_sub(self.clocks.monotonic);
        let passed = TimeDelta::from_std(passed).unwrap_or(TimeDelta::MAX);
        let expected = self.clocks.wall.checked_add_signed(passed).unwrap_or(Time::MAX_UTC);
        if (clocks.wall - expected).abs() > JUMP {
            tracing::warn!(
                clock = %clocks.wall, %expected,
                "the machine's clock jumped, or the machine slept: what is over stays over, and nothing lives longer for \
                 it; check that the clock is set by NTP"
            );
        }
        self.given.checked_add_signed(passed).unwrap_or(Time::MAX_UTC).max(clocks.wall)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Two clocks that a test sets, in seconds.
    fn clocks(wall: i64, monotonic: u64) -> impl FnOnce() -> Clocks {
        move || Clocks { wall: at(wall), monotonic: Duration::from_secs(monotonic) }
    }

    fn at(seconds: i64) -> Time {
        Time::from_timestamp(seconds, 0).unwrap()
    }

    #[test]
    fn s30_time_flows_on_from_the_latest_instant_when_the_clock_is_set_back() {
        for back in [1, 90, 86_400] {
            let flow = Flow::default();
            let begun = 100_000;
            assert_eq!(flow.now(clocks(begun, 50)), at(begun));
            assert_eq!(flow.now(clocks(begun + 310 - back, 360)), at(begun + 310), "{back}");
            assert_eq!(flow.now(clocks(begun + 315 - back, 365)), at(begun + 315), "{back}");
            assert_eq!(flow.now(clocks(begun + 400, 366)), at(begun + 400), "forwards it follows");
        }
    }

    #[test]
    fn s30_a_false_jump_forwards_that_is_corrected_revives_nothing() {
        let flow = Flow::default();
        flow.now(clocks(1_000, 0));
        assert_eq!(flow.now(clocks(87_401, 1)), at(87_401));
        assert_eq!(flow.now(clocks(1_002, 2)), at(87_402));
        assert_eq!(flow.now(clocks(1_102, 102)), at(87_502), "and nothing stands still");
    }

    #[test]
    fn s30_nothing_is_given_before_what_the_log_holds() {
        let flow = Flow::default();
        flow.not_before(at(5_000), clocks(1_000, 0));
        assert_eq!(flow.now(clocks(1_010, 10)), at(5_010));
        flow.not_before(at(2_000), clocks(1_010, 10));
        assert_eq!(flow.now(clocks(6_000, 11)), at(6_000));
    }
}

//! A circuit breaker: a provider that keeps failing is left alone for a while.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use chrono::TimeDelta;
use twostep_clock::SharedClock;
use twostep_domain::Time;

/// When a breaker opens, and for how long.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BreakerSettings {
    /// Failures in a row that open it.
    pub failures: u32,
    /// How long it stays open before one call may try.
    pub open_for: Duration,
}

impl Default for BreakerSettings {
    /// Five failures in a row, half a minute.
    fn default() -> Self {
        Self { failures: 5, open_for: Duration::from_secs(30) }
    }
}

/// Where a breaker stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BreakerState {
    /// Calls go through; so many failed in a row.
    Closed {
        /// Failures in a row.
        failures: u32,
    },
    /// No call goes through.
    Open {
        /// Until then.
        until: Time,
        /// Because the provider refuses our settings, not because it is down.
        misconfigured: bool,
    },
    /// One call is on its way to find out.
    HalfOpen {
        /// It was opened because the provider refuses our settings.
        misconfigured: bool,
    },
}

/// The breaker of one provider.
pub struct Breaker {
    provider: String,
    settings: BreakerSettings,
    clock: SharedClock,
    state: Mutex<BreakerState>,
}

/// Leave to make one call; dropped without a word, the call counts as failed.
#[must_use]
pub struct Permit<'a> {
    breaker: &'a Breaker,
    /// It is the one call of a half-open breaker, whose word counts whatever others say that began before.
    probe: bool,
    spoken: bool,
}

impl Breaker {
    /// A closed breaker for `provider`.
    #[must_use]
    pub fn new(provider: impl Into<String>, settings: BreakerSettings, clock: SharedClock) -> Self {
        let state = Mutex::new(BreakerState::Closed { failures: 0 });
        Self { provider: provider.into(), settings, clock, state }
    }

    /// Where it stands.
    #[must_use]
    pub fn state(&self) -> BreakerState {
        *self.lock()
    }

    /// Asks for leave to make one call.
    ///
    /// # Errors
    /// The state that forbids it.
    pub fn permit(&self) -> Result<Permit<'_>, BreakerState> {
        let mut state = self.lock();
        let probe = match *state {
            BreakerState::Closed { .. } => false,
            BreakerState::Open { until, misconfigured } if self.clock.now() >= until => {
                self.turn(&mut state, BreakerState::HalfOpen { misconfigured });
                true
            }
            shut @ (BreakerState::Open { .. } | BreakerState::HalfOpen { .. }) => return Err(shut),
        };
        Ok(Permit { breaker: self, probe, spoken: false })
    }

    /// How long until the next call may try, as far as is known.
    #[must_use]
    pub fn wait(&self) -> Duration {
        match self.state() {
            BreakerState::Closed { .. } => Duration::ZERO,
            BreakerState::Open { until, .. } => (until - self.clock.now()).to_std().unwrap_or_default(),
            BreakerState::HalfOpen { .. } => self.settings.open_for,
        }
    }

    fn lock(&self) -> MutexGuard<'_, BreakerState> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn succeeded(&self, probe: bool) {
        let mut state = self.lock();
        // A call that began before the breaker opened says nothing about the provider of now.
        if probe || matches!(*state, BreakerState::Closed { .. }) {
            self.turn(&mut state, BreakerState::Closed { failures: 0 });
        }
    }

    fn failed(&self, probe: bool, misconfigured: bool) {
        let mut state = self.lock();
        let next = match *state {
            BreakerState::Closed { failures } if !misconfigured && failures + 1 < self.settings.failures => {
                BreakerState::Closed { failures: failures + 1 }
            }
            // A call that began before the breaker opened says nothing new.
            BreakerState::Open { .. } | BreakerState::HalfOpen { .. } if !probe && !misconfigured => return,
            _ => {
                let open_for = TimeDelta::from_std(self.settings.open_for).unwrap_or(TimeDelta::MAX);
                BreakerState::Open { until: self.clock.now() + open_for, misconfigured }
            }
        };
        self.turn(&mut state, next);
    }

    fn turn(&self, state: &mut BreakerState, next: BreakerState) {
        if std::mem::discriminant(state) != std::mem::discriminant(&next) {
            tracing::warn!(provider = self.provider, from = ?*state, to = ?next, "a provider's breaker turned");
        }
        *state = next;
    }
}

impl Permit<'_> {
    /// The provider works.
    pub fn succeeded(mut self) {
        self.spoken = true;
        self.breaker.succeeded(self.probe);
    }

    /// The provider failed.
    pub fn failed(mut self) {
        self.spoken = true;
        self.breaker.failed(self.probe, false);
    }

    /// The provider refuses our settings: opens at once.
    pub fn misconfigured(mut self) {
        self.spoken = true;
        self.breaker.failed(self.probe, true);
    }
}

impl Drop for Permit<'_> {
    fn drop(&mut self) {
        if !self.spoken {
            self.breaker.failed(self.probe, false);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use twostep_clock::MovedClock;

    use super::*;

    fn breaker() -> (Arc<MovedClock>, Breaker) {
        let clock = Arc::new(MovedClock::frozen_at(Time::UNIX_EPOCH));
        let settings = BreakerSettings { failures: 3, open_for: Duration::from_secs(30) };
        (clock.clone(), Breaker::new("p", settings, clock))
    }

    fn fail(breaker: &Breaker, times: u32) {
        for _ in 0..times {
            breaker.permit().ok().unwrap().failed();
        }
    }

    #[test]
    fn failures_in_a_row_open_it_and_a_success_between_starts_over() {
        let (_, breaker) = breaker();
        fail(&breaker, 2);
        breaker.permit().ok().unwrap().succeeded();
        fail(&breaker, 2);
        assert_eq!(breaker.state(), BreakerState::Closed { failures: 2 });
        fail(&breaker, 1);
        assert!(breaker.permit().is_err());
        assert_eq!(breaker.wait(), Duration::from_secs(30));
    }

    #[test]
    fn after_its_time_one_call_tries_and_decides() {
        let (clock, breaker) = breaker();
        fail(&breaker, 3);
        clock.advance(TimeDelta::seconds(30));
        let probe = breaker.permit().ok().unwrap();
        assert!(breaker.permit().is_err(), "only one call tries");
        probe.failed();
        assert!(breaker.permit().is_err());
        clock.advance(TimeDelta::seconds(30));
        breaker.permit().ok().unwrap().succeeded();
        assert_eq!(breaker.state(), BreakerState::Closed { failures: 0 });
    }

    #[test]
    fn a_call_that_began_before_it_opened_neither_closes_nor_opens_it_again() {
        let (clock, breaker) = breaker();
        let before: Vec<_> = (0..4).map(|_| breaker.permit().ok().unwrap()).collect();
        let [one, two, three, four] = before.try_into().ok().unwrap();
        fail(&breaker, 3);
        let open = breaker.state();
        one.succeeded();
        two.failed();
        assert_eq!(breaker.state(), open);
        clock.advance(TimeDelta::seconds(30));
        let probe = breaker.permit().ok().unwrap();
        three.succeeded();
        four.failed();
        assert_eq!(breaker.state(), BreakerState::HalfOpen { misconfigured: false });
        probe.succeeded();
        assert_eq!(breaker.state(), BreakerState::Closed { failures: 0 });
    }

    #[test]
    fn a_refused_setting_opens_it_at_once() {
        let (_, breaker) = breaker();
        breaker.permit().ok().unwrap().misconfigured();
        assert!(matches!(breaker.state(), BreakerState::Open { misconfigured: true, .. }));
    }

    #[test]
    fn a_call_that_is_dropped_counts_as_failed() {
        let (clock, breaker) = breaker();
        fail(&breaker, 3);
        clock.advance(TimeDelta::seconds(31));
        drop(breaker.permit());
        assert!(matches!(breaker.state(), BreakerState::Open { .. }));
    }
}

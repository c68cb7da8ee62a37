//! Failures of the first step, counted in memory: what weighs how much, and who is heard when.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use chrono::Duration;
use twostep_clock::Time;
use twostep_domain::Digest;
use twostep_domain::password::delay_after;

use crate::ledger::Turns;

/// How many logins are remembered; the least recent go first.
const REMEMBERED: usize = 50_000;

/// How long a login's failures are remembered after the last one.
const MEMORY: Duration = Duration::hours(1);

/// When a try is heard that was refused only because of others being compared at the moment.
const A_MOMENT: Duration = Duration::seconds(1);

/// Failures, and passwords being compared, in memory.
#[derive(Default)]
pub(crate) struct FirstStepLimits {
    failures: Mutex<HashMap<Digest, Failures>>,
    pub(super) turns: Arc<Turns>,
}

struct Failures {
    count: u32,
    /// Passwords being compared at this moment: each may become a failure.
    comparing: u32,
    last: Time,
    until: Option<Time>,
}

/// What failures are counted by, each with the share of its count that delays: somebody who guesses from one address
/// is slowed down there at once, the login and the address by themselves only after many.
pub(super) struct Counted {
    pub(super) login_there: Digest,
    pub(super) login: Digest,
    pub(super) address: Digest,
    /// Of IPv6 addresses only.
    pub(super) neighbourhood: Option<Digest>,
}

/// Failures of a login, from anywhere, that weigh as one.
pub(super) const LOGIN_SHARE: u32 = 10;
/// Failures of an address, with any login, that weigh as one.
const ADDRESS_SHARE: u32 = 20;
/// Failures of an IPv6 /48, with any login, that weigh as one: one customer can have all of its /64s (S15).
const NEIGHBOURHOOD_SHARE: u32 = 80;

impl Counted {
    fn weighed(&self) -> impl Iterator<Item = (&Digest, u32)> {
        let narrow = [(&self.login_there, 1), (&self.login, LOGIN_SHARE), (&self.address, ADDRESS_SHARE)];
        let wide = self.neighbourhood.as_ref().map(|wide| (wide, NEIGHBOURHOOD_SHARE));
        narrow.into_iter().chain(wide)
    }
}

impl Failures {
    /// When a password is heard again, if not now. Many at once get no further than many in a row: those being compared
    /// count as if they were wrong.
    fn delayed_until(&self, share: u32, now: Time) -> Option<Time> {
        if let Some(until) = self.until.filter(|until| now < *until) {
            return Some(until);
        }
        let full = self.comparing > 0 && delay_after((self.counted(now) + self.comparing) / share).is_some();
        full.then(|| now + A_MOMENT)
    }

    /// The failures that still count.
    fn counted(&self, now: Time) -> u32 {
        if now - self.last < MEMORY { self.count } else { 0 }
    }
}

impl FirstStepLimits {
    /// The right to compare one password; none: when the next is heard.
    pub(super) fn attempt(&self, counted: Counted, now: Time) -> Result<Attempt<'_>, Time> {
        // Counts that a panic cut short may be too low: nobody is let in by them any more (S15).
        let Ok(mut all) = self.failures.lock() else {
            tracing::error!(
                "the counts of wrong passwords are broken and nobody can sign in: restart the program"
            );
            return Err(now + A_MOMENT);
        };
        make_room(&mut all, now);
        let delayed = |(key, share)| all.get(key)?.delayed_until(share, now);
        if let Some(next_at) = counted.weighed().filter_map(delayed).max() {
            return Err(next_at);
        }
        for (key, _) in counted.weighed() {
            let none = Failures { count: 0, comparing: 0, last: now, until: None };
            all.entry(key.clone()).or_insert(none).comparing += 1;
        }
        Ok(Attempt { limits: self, counted })
    }
}

/// The right to compare one password. Until it is dropped it weighs like a failure.
pub(crate) struct Attempt<'a> {
    limits: &'a FirstStepLimits,
    counted: Counted,
}

impl Attempt<'_> {
    /// Counts a failure; gives the login's count from anywhere.
    pub(crate) fn wrong(self, now: Time) -> u32 {
        let mut all = self.limits.failures.lock().unwrap_or_else(PoisonError::into_inner);
        for (key, share) in self.counted.weighed() {
            let Some(failures) = all.get_mut(key) else { continue };
            failures.count = failures.counted(now) + 1;
            failures.last = now;
            failures.until = delay_after(failures.count / share).map(|delay| now + delay);
        }
        all.get(&self.counted.login).map_or(0, |failures| failures.count)
    }

    /// Forgets the failures of the login: its password was right.
    pub(crate) fn right(self) {
        let mut all = self.limits.failures.lock().unwrap_or_else(PoisonError::into_inner);
        for key in [&self.counted.login_there, &self.counted.login] {
            if let Some(failures) = all.get_mut(key) {
                failures.count = 0;
                failures.until = None;
            }
        }
    }
}

impl Drop for Attempt<'_> {
    fn drop(&mut self) {
        let mut all = self.limits.failures.lock().unwrap_or_else(PoisonError::into_inner);
        for (key, _) in self.counted.weighed() {
            let Some(failures) = all.get_mut(key) else { continue };
            failures.comparing -= 1;
            if failures.comparing == 0 && failures.count == 0 {
                all.remove(key);
            }
        }
    }
}

/// Forgets what is over; where that isn't enough, those that have been silent longest.
fn make_room(all: &mut HashMap<Digest, Failures>, now: Time) {
    if all.len() < REMEMBERED {
        return;
    }
    all.retain(|_, failures| failures.comparing > 0 || now - failures.last < MEMORY);
    if all.len() >= REMEMBERED {
        let mut times: Vec<Time> = all.values().map(|failures| failures.last).collect();
        times.sort_unstable();
        let median = times[times.len() / 2];
        all.retain(|_, failures| failures.comparing > 0 || failures.last > median);
    }
}

#[cfg(test)]
mod tests;

//! Wrong passwords: a growing delay per login, the same for logins that exist and those that don't (S12).

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use chrono::Duration;
use twostep_clock::Time;
use twostep_domain::password::{FirstStep, PasswordCommand, RecordDelay, delay_after};
use twostep_domain::{Aggregate as _, CompanyId, Digest, StreamKind};
use twostep_event_store::{Metadata, StreamId};

use crate::{Commands, ExecuteError, Fault};

/// How many logins are remembered; the least recent go first.
const REMEMBERED: usize = 50_000;

/// How long a login's failures are remembered after the last one.
const MEMORY: Duration = Duration::hours(1);

/// Failures after which a known login's delay is recorded in the log, once per hour each.
const THRESHOLDS: [u32; 3] = [5, 20, 100];

/// Failures per login, in memory. Known logins' delays are in the log too, so that a restart doesn't end them.
#[derive(Default)]
pub(crate) struct FirstStepLimits(Mutex<HashMap<Digest, Failures>>);

#[derive(Clone, Copy)]
struct Failures {
    count: u32,
    last: Time,
    until: Option<Time>,
}

impl FirstStepLimits {
    /// When `login` is heard again, if not now.
    fn delayed_until(&self, login: &Digest, now: Time) -> Option<Time> {
        let failures = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        failures.get(login).and_then(|failures| failures.until).filter(|until| now < *until)
    }

    /// Counts a failure; gives the count and until when the next try waits.
    fn failed(&self, login: &Digest, now: Time) -> (u32, Option<Time>) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if all.len() >= REMEMBERED && !all.contains_key(login) {
            all.retain(|_, failures| now - failures.last < MEMORY);
            if all.len() >= REMEMBERED {
                // Still full: forgetting the failures of the longest silent ones costs an attacker an hour each.
                let mut times: Vec<Time> = all.values().map(|failures| failures.last).collect();
                times.sort_unstable();
                let median = times[times.len() / 2];
                all.retain(|_, failures| failures.last > median);
            }
        }
        let failures = all.entry(login.clone()).or_insert(Failures { count: 0, last: now, until: None });
        if now - failures.last >= MEMORY {
            failures.count = 0;
        }
        failures.count += 1;
        failures.last = now;
        failures.until = delay_after(failures.count).map(|delay| now + delay);
        (failures.count, failures.until)
    }

    fn succeeded(&self, login: &Digest) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(login);
    }
}

impl Commands {
    /// When this login is heard again, if not now.
    pub(crate) async fn first_step_delay(
        &self,
        company: CompanyId,
        login: &Digest,
    ) -> Result<Option<Time>, Fault> {
        let now = self.now();
        let recorded = self.ledger.load::<FirstStep>(&first_step(company, login)).await?;
        let recorded = recorded.state().delayed_until(now);
        Ok(self.first_step.delayed_until(login, now).max(recorded))
    }

    /// Counts a wrong password; `known`: somebody has this login.
    pub(crate) async fn first_step_failed(
        &self,
        company: CompanyId,
        login: &Digest,
        known: bool,
        metadata: &Metadata,
    ) -> Result<(), Fault> {
        let (failures, until) = self.first_step.failed(login, self.now());
        let Some(until) = until.filter(|_| known && THRESHOLDS.contains(&failures)) else { return Ok(()) };
        let stream = first_step(company, login);
        let record = PasswordCommand::RecordDelay(RecordDelay { failures, until });
        let done = self
            .ledger
            .execute::<FirstStep, _>(&stream, metadata, |fold| {
                FirstStep::decide(fold.state(), record.clone())
            })
            .await;
        match done {
            Ok(_) | Err(ExecuteError::Refused(_)) => Ok(()),
            Err(ExecuteError::Ledger(error)) => Err(error.into()),
        }
    }

    /// Forgets the failures of a login whose password was right.
    pub(crate) fn first_step_succeeded(&self, login: &Digest) {
        self.first_step.succeeded(login);
    }
}

fn first_step(company: CompanyId, login: &Digest) -> StreamId {
    StreamId::new(company, StreamKind::Password, login)
}

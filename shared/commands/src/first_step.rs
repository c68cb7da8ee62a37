//! Wrong passwords: growing delays per login and address, the same for logins that exist and those that don't (S12).

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};

use chrono::Duration;
use twostep_clock::Time;
use twostep_domain::password::{FirstStep, PasswordCommand, RecordDelay, delay_after};
use twostep_domain::{Aggregate as _, CompanyId, Digest, StreamKind};
use twostep_event_store::{Metadata, StreamId};

use crate::ledger::{Turn, Turns};
use crate::{Commands, ExecuteError, Fault, LedgerError};

/// How many logins are remembered; the least recent go first.
const REMEMBERED: usize = 50_000;

/// How long a login's failures are remembered after the last one.
const MEMORY: Duration = Duration::hours(1);

/// Failures after which a known login's delay is recorded in the log, once per hour each.
const THRESHOLDS: [u32; 3] = [50, 100, 150];

/// Failures in memory. Known logins' longest delays are in the log too, so that a restart doesn't end them.
#[derive(Default)]
pub(crate) struct FirstStepLimits {
    failures: Mutex<HashMap<Digest, Failures>>,
    turns: Arc<Turns>,
}

#[derive(Clone, Copy)]
struct Failures {
    count: u32,
    last: Time,
    until: Option<Time>,
}

/// What failures are counted by, each with the share of its count that delays: somebody who guesses from one address
/// is slowed down there at once, the login and the address by themselves only after many.
struct Counted {
    login_there: Digest,
    login: Digest,
    address: Digest,
}

/// Failures of a login, from anywhere, that weigh as one.
const LOGIN_SHARE: u32 = 10;
/// Failures of an address, with any login, that weigh as one.
const ADDRESS_SHARE: u32 = 20;

impl Counted {
    fn weighed(&self) -> [(&Digest, u32); 3] {
        [(&self.login_there, 1), (&self.login, LOGIN_SHARE), (&self.address, ADDRESS_SHARE)]
    }
}

impl FirstStepLimits {
    /// When a try is heard again, if not now.
    fn delayed_until(&self, counted: &Counted, now: Time) -> Option<Time> {
        let all = self.failures.lock().unwrap_or_else(PoisonError::into_inner);
        let until = |key| all.get(key).and_then(|failures| failures.until).filter(|until| now < *until);
        counted.weighed().into_iter().filter_map(|(key, _)| until(key)).max()
    }

    /// Counts a failure; gives the login's count from anywhere, weighed.
    fn failed(&self, counted: &Counted, now: Time) -> u32 {
        let mut all = self.failures.lock().unwrap_or_else(PoisonError::into_inner);
        make_room(&mut all, now);
        for (key, share) in counted.weighed() {
            let failures = all.entry(key.clone()).or_insert(Failures { count: 0, last: now, until: None });
            if now - failures.last >= MEMORY {
                failures.count = 0;
            }
            failures.count += 1;
            failures.last = now;
            failures.until = delay_after(failures.count / share).map(|delay| now + delay);
        }
        all.get(&counted.login).map_or(0, |failures| failures.count)
    }

    fn succeeded(&self, counted: &Counted) {
        let mut all = self.failures.lock().unwrap_or_else(PoisonError::into_inner);
        all.remove(&counted.login_there);
        all.remove(&counted.login);
    }
}

/// Forgets what is over; where that isn't enough, those that have been silent longest.
fn make_room(all: &mut HashMap<Digest, Failures>, now: Time) {
    if all.len() < REMEMBERED {
        return;
    }
    all.retain(|_, failures| now - failures.last < MEMORY);
    if all.len() >= REMEMBERED {
        let mut times: Vec<Time> = all.values().map(|failures| failures.last).collect();
        times.sort_unstable();
        let median = times[times.len() / 2];
        all.retain(|_, failures| failures.last > median);
    }
}

impl Commands {
    /// Waits until no other password of this login is being compared: guesses at the same moment are counted one by one.
    pub(crate) async fn first_step_turn(&self, company: CompanyId, login: &Digest) -> Result<Turn, Fault> {
        let turn = self.first_step.turns.wait(&first_step(company, login)).await;
        Ok(turn.ok_or(LedgerError::Busy)?)
    }

    /// When this login is heard again from `address`, if not now.
    pub(crate) async fn first_step_delay(
        &self,
        company: CompanyId,
        login: &Digest,
        address: Option<IpAddr>,
    ) -> Result<Option<Time>, Fault> {
        let now = self.now();
        let recorded = self.ledger.load::<FirstStep>(&first_step(company, login)).await?;
        let recorded = recorded.state().delayed_until(now);
        Ok(self.first_step.delayed_until(&self.counted(login, address), now).max(recorded))
    }

    /// Counts a wrong password; `known`: somebody has this login.
    pub(crate) async fn first_step_failed(
        &self,
        company: CompanyId,
        login: &Digest,
        address: Option<IpAddr>,
        known: bool,
        metadata: &Metadata,
    ) -> Result<(), Fault> {
        let now = self.now();
        let failures = self.first_step.failed(&self.counted(login, address), now);
        let until = delay_after(failures / LOGIN_SHARE).map(|delay| now + delay);
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
    pub(crate) fn first_step_succeeded(&self, login: &Digest, address: Option<IpAddr>) {
        self.first_step.succeeded(&self.counted(login, address));
    }

    fn counted(&self, login: &Digest, address: Option<IpAddr>) -> Counted {
        let prefix = address.map_or_else(|| "nowhere".to_owned(), prefix);
        Counted {
            login_there: self.vault.address_hash(&format!("{prefix}|{}", login.as_str())),
            login: login.clone(),
            address: self.vault.address_hash(&prefix),
        }
    }
}

/// What counts as one address: IPv4 whole, IPv6 by its /64, since one customer has them all (S15).
fn prefix(address: IpAddr) -> String {
    match address {
        IpAddr::V4(v4) => v4.to_string(),
        IpAddr::V6(v6) => match v6.to_ipv4_mapped() {
            Some(v4) => v4.to_string(),
            None => {
                let [a, b, c, d, ..] = v6.segments();
                format!("{a:x}:{b:x}:{c:x}:{d:x}::/64")
            }
        },
    }
}

fn first_step(company: CompanyId, login: &Digest) -> StreamId {
    StreamId::new(company, StreamKind::Password, login)
}

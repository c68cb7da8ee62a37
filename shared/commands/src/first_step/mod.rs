//! Wrong passwords: growing delays per login and address, the same for logins that exist and those that don't (S12).

mod limits;

use std::net::IpAddr;
use std::sync::Arc;

use twostep_clock::Time;
use twostep_domain::password::{FirstStep, PasswordCommand, RecordDelay, delay_after};
use twostep_domain::{Aggregate as _, CompanyId, Digest, StreamKind};
use twostep_event_store::{Metadata, StreamId};

use crate::ledger::Turn;
use crate::quota::{neighbourhood, prefix};
use crate::{Commands, ExecuteError, Fault, LedgerError};
use limits::{Attempt, Counted, LOGIN_SHARE};

pub(crate) use limits::FirstStepLimits;

/// Failures of a known login that are recorded in the log, once per hour each. The record delays nobody: a login that
/// nobody has leaves none, and a start of the program must not tell the two apart.
const THRESHOLDS: [u32; 3] = [50, 100, 150];

impl Commands {
    /// Waits until no other password of this login is being compared: guesses at the same moment are counted one by one.
    pub(crate) async fn first_step_turn(&self, company: CompanyId, login: &Digest) -> Result<Turn, Fault> {
        let turn = self.first_step.turns.wait(&first_step(company, login)).await;
        Ok(turn.ok_or(LedgerError::Busy)?)
    }

    /// The right to compare one password of this login; none: when the next is heard from `address`.
    pub(crate) fn first_step_attempt(
        &self,
        login: &Digest,
        address: Option<IpAddr>,
    ) -> Result<Attempt<'_>, Time> {
        let wide = address.and_then(neighbourhood);
        let prefix = address.map_or_else(|| "nowhere".to_owned(), prefix);
        let counted = Counted {
            login_there: self.vault.address_hash(&format!("{prefix}|{}", login.as_str())),
            login: login.clone(),
            address: self.vault.address_hash(&prefix),
            neighbourhood: wide.map(|wide| self.vault.address_hash(&wide)),
        };
        self.first_step.attempt(counted, self.now())
    }

    /// Records that a known login has failed so often, where that is worth an event: in the background, so that the
    /// answer takes no longer than an unknown login's.
    pub(crate) fn record_failures(
        self: &Arc<Self>,
        company: CompanyId,
        login: &Digest,
        failures: u32,
        metadata: &Metadata,
    ) {
        let until = delay_after(failures / LOGIN_SHARE).map(|delay| self.now() + delay);
        let Some(until) = until.filter(|_| THRESHOLDS.contains(&failures)) else { return };
        let (commands, stream, metadata) = (Arc::clone(self), first_step(company, login), metadata.clone());
        let begun = self.errands.start(async move {
            let record = PasswordCommand::RecordDelay(RecordDelay { failures, until });
            let done = commands
                .ledger
                .execute::<FirstStep, _>(&stream, &metadata, |fold| {
                    FirstStep::decide(fold.state(), record.clone())
                })
                .await;
            if let Err(ExecuteError::Ledger(error)) = done {
                tracing::error!(%error, "wrong passwords could not be recorded");
            }
        });
        if !begun {
            tracing::warn!(failures, "wrong passwords are not recorded: too much runs in the background");
        }
    }
}

fn first_step(company: CompanyId, login: &Digest) -> StreamId {
    StreamId::new(company, StreamKind::Password, login)
}

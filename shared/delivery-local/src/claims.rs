//! Who works on which message.

use std::collections::HashMap;
use std::time::Duration;

use async_trait::async_trait;
use chrono::TimeDelta;
use twostep_delivery::{Claim, Claims, QueueError, Report};
use twostep_domain::delivery::Channel;
use twostep_domain::{DeliveryId, Time};

use crate::{LocalQueue, PATIENCE};

/// Claims are remembered a little longer than anything is tried.
const MEMORY: TimeDelta = TimeDelta::hours(25);

/// Whose claim it is: those of a channel are its own.
pub(crate) type Key = (Channel, DeliveryId);

/// All claims.
#[derive(Default)]
pub(crate) struct ClaimBook {
    claims: HashMap<Key, Entry>,
    tidy_at: usize,
}

struct Entry {
    stage: Stage,
    attempt: u32,
    /// How often it was reopened.
    round: u32,
    touched: Time,
}

impl Entry {
    fn new(now: Time) -> Self {
        Self { stage: Stage::Free, attempt: 0, round: 0, touched: now }
    }
}

enum Stage {
    Free,
    Claimed { worker: String },
    Submitting { worker: String },
    Decided(Box<Report>),
}

impl ClaimBook {
    fn claim(&mut self, key: Key, worker: &str, now: Time) -> Claim {
        self.tidy(now);
        let entry = self.claims.entry(key).or_insert_with(|| Entry::new(now));
        let gone = now - entry.touched >= PATIENCE;
        let after_submitting = match &entry.stage {
            Stage::Decided(word) if word.is_of(entry.round) => return Claim::Decided(word.clone()),
            // Whoever was at work when it was reopened wrote that down late.
            Stage::Decided(_) => {
                entry.attempt = 0;
                false
            }
            Stage::Claimed { .. } | Stage::Submitting { .. } if !gone => return Claim::Busy,
            Stage::Free | Stage::Claimed { .. } => false,
            Stage::Submitting { .. } => true,
        };
        entry.stage = Stage::Claimed { worker: worker.to_owned() };
        entry.attempt += 1;
        entry.touched = now;
        let attempt = entry.attempt;
        if after_submitting { Claim::TakenAfterSubmitting { attempt } } else { Claim::Taken { attempt } }
    }

    /// Lets what was decided before `round` be claimed anew, its tries counted from the first.
    pub(crate) fn reopen(&mut self, key: Key, round: u32, now: Time) {
        let entry = self.claims.entry(key).or_insert_with(|| Entry::new(now));
        if entry.round >= round {
            return;
        }
        if matches!(entry.stage, Stage::Decided(_)) {
            (entry.stage, entry.attempt) = (Stage::Free, 0);
        }
        (entry.round, entry.touched) = (round, now);
    }

    /// Moves `worker`'s own claim to `stage`; `false` when it is not (or no longer) its claim.
    fn turn(&mut self, key: Key, worker: &str, stage: Stage, now: Time) -> bool {
        let own = |entry: &Entry| match &entry.stage {
            Stage::Claimed { worker: owner } | Stage::Submitting { worker: owner } => owner == worker,
            Stage::Free | Stage::Decided(_) => false,
        };
        let Some(entry) = self.claims.get_mut(&key).filter(|entry| own(entry)) else { return false };
        entry.stage = stage;
        entry.touched = now;
        true
    }

    /// Forgets what is older than any message, whenever the book has doubled.
    fn tidy(&mut self, now: Time) {
        if self.claims.len() < self.tidy_at.max(10_000) {
            return;
        }
        self.claims.retain(|_, entry| now - entry.touched < MEMORY);
        self.tidy_at = self.claims.len() * 2;
    }
}

#[async_trait]
impl Claims for LocalQueue {
    fn patience(&self) -> Duration {
        PATIENCE.to_std().unwrap_or(Duration::MAX)
    }

    async fn claim(&self, channel: Channel, id: DeliveryId, worker: &str) -> Result<Claim, QueueError> {
        Ok(self.inner.change(|state, now| state.claims.claim((channel, id), worker, now)))
    }

    async fn submitting(&self, channel: Channel, id: DeliveryId, worker: &str) -> Result<(), QueueError> {
        let stage = Stage::Submitting { worker: worker.to_owned() };
        let own = self.inner.change(|state, now| state.claims.turn((channel, id), worker, stage, now));
        if own {
            return Ok(());
        }
        Err(QueueError::Unavailable { reason: "the claim is no longer this worker's".to_owned() })
    }

    async fn release(&self, channel: Channel, id: DeliveryId, worker: &str) -> Result<(), QueueError> {
        self.inner.change(|state, now| state.claims.turn((channel, id), worker, Stage::Free, now));
        Ok(())
    }

    async fn decide(&self, worker: &str, word: &Report) -> Result<(), QueueError> {
        let (key, stage) = ((word.channel, word.id), Stage::Decided(Box::new(word.clone())));
        self.inner.change(|state, now| state.claims.turn(key, worker, stage, now));
        Ok(())
    }
}

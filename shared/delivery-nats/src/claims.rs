//! Who works on which message: one key per message, under its channel's name, changed by exact revision.

use std::time::Duration;

use async_nats::jetstream::kv::{Store, UpdateErrorKind};
use async_trait::async_trait;
use chrono::TimeDelta;
use serde::{Deserialize, Serialize};
use twostep_delivery::{Claim, Claims, QueueError, Report};
use twostep_domain::delivery::Channel;
use twostep_domain::{DeliveryId, Time};

use crate::declaration::CLAIMS;
use crate::{Inner, NatsQueue};

/// A claim as it lies in the bucket, JSON.
#[derive(Clone, Serialize, Deserialize)]
struct Entry {
    stage: Stage,
    attempt: u32,
    /// How often it was reopened.
    #[serde(default)]
    round: u32,
    touched: Time,
}

#[derive(Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "is")]
enum Stage {
    Free,
    Claimed { worker: String },
    Submitting { worker: String },
    Decided { word: Box<Report> },
}

impl Entry {
    /// Whether `worker` works on the message.
    fn is_held_by(&self, worker: &str) -> bool {
        match &self.stage {
            Stage::Claimed { worker: owner } | Stage::Submitting { worker: owner } => owner == worker,
            Stage::Free | Stage::Decided { .. } => false,
        }
    }
}

#[async_trait]
impl Claims for NatsQueue {
    fn patience(&self) -> Duration {
        self.inner.sizes.patience
    }

    async fn claim(&self, channel: Channel, id: DeliveryId, worker: &str) -> Result<Claim, QueueError> {
        let inner = &self.inner;
        let (store, key) = (inner.bucket(CLAIMS).await?, key(channel, id));
        let (revision, found) = entry(inner, &store, &key).await?;
        let now = inner.clock.now();
        let patience = TimeDelta::from_std(inner.sizes.patience).unwrap_or(TimeDelta::MAX);
        // One that was touched so late in the future was touched by a clock that is set right by now, or will be.
        let gone = found.as_ref().is_some_and(|found| (now - found.touched).abs() >= patience);
        let attempt = found.as_ref().map_or(0, |found| found.attempt) + 1;
        let round = found.as_ref().map_or(0, |found| found.round);
        let after_submitting = match found.map(|found| found.stage) {
            Some(Stage::Decided { word }) => return Ok(Claim::Decided(word)),
            Some(Stage::Claimed { .. } | Stage::Submitting { .. }) if !gone => return Ok(Claim::Busy),
            None | Some(Stage::Free | Stage::Claimed { .. }) => false,
            Some(Stage::Submitting { .. }) => true,
        };
        let stage = Stage::Claimed { worker: worker.to_owned() };
        let taken =
            put(inner, &store, &key, revision, &Entry { stage, attempt, round, touched: now }).await?;
        Ok(match (taken, after_submitting) {
            (false, _) => Claim::Busy,
            (true, false) => Claim::Taken { attempt },
            (true, true) => Claim::TakenAfterSubmitting { attempt },
        })
    }

    async fn submitting(&self, channel: Channel, id: DeliveryId, worker: &str) -> Result<(), QueueError> {
        let stage = Stage::Submitting { worker: worker.to_owned() };
        if self.turn(&key(channel, id), worker, stage).await? {
            return Ok(());
        }
        Err(QueueError::Unavailable { reason: "the claim is no longer this worker's".to_owned() })
    }

    async fn release(&self, channel: Channel, id: DeliveryId, worker: &str) -> Result<(), QueueError> {
        self.turn(&key(channel, id), worker, Stage::Free).await.map(drop)
    }

    async fn decide(&self, worker: &str, word: &Report) -> Result<(), QueueError> {
        let (key, stage) = (key(word.channel, word.id), Stage::Decided { word: Box::new(word.clone()) });
        self.turn(&key, worker, stage).await.map(drop)
    }
}

impl NatsQueue {
    /// Lets what was decided before `round` be claimed anew, its tries counted from the first.
    pub(crate) async fn reopen_claim(
        &self,
        channel: Channel,
        id: DeliveryId,
        round: u32,
    ) -> Result<(), QueueError> {
        let (store, key) = (self.inner.bucket(CLAIMS).await?, key(channel, id));
        loop {
            let (revision, found) = entry(&self.inner, &store, &key).await?;
            let touched = self.inner.clock.now();
            let (stage, attempt) = match found {
                Some(found) if found.round >= round => return Ok(()),
                Some(Entry { stage: Stage::Free | Stage::Decided { .. }, .. }) | None => (Stage::Free, 0),
                Some(Entry { stage, attempt, .. }) => (stage, attempt),
            };
            // Whoever was faster may have decided it meanwhile.
            if put(&self.inner, &store, &key, revision, &Entry { stage, attempt, round, touched }).await? {
                return Ok(());
            }
        }
    }

    /// The last word on a message, where a worker has kept one.
    pub(crate) async fn decided(
        &self,
        channel: Channel,
        id: DeliveryId,
    ) -> Result<Option<Box<Report>>, QueueError> {
        let store = self.inner.bucket(CLAIMS).await?;
        let (_, found) = entry(&self.inner, &store, &key(channel, id)).await?;
        Ok(found.and_then(|found| match found.stage {
            Stage::Decided { word } => Some(word),
            Stage::Free | Stage::Claimed { .. } | Stage::Submitting { .. } => None,
        }))
    }

    /// Moves `worker`'s own claim to `stage`; `false` when it is not (or no longer) its claim.
    async fn turn(&self, key: &str, worker: &str, stage: Stage) -> Result<bool, QueueError> {
        let store = self.inner.bucket(CLAIMS).await?;
        let (revision, found) = entry(&self.inner, &store, key).await?;
        let Some(found) = found.filter(|found| found.is_held_by(worker)) else { return Ok(false) };
        let turned = Entry { stage, touched: self.inner.clock.now(), ..found };
        put(&self.inner, &store, key, revision, &turned).await
    }
}

/// A worker's rights are by its channel (S27).
fn key(channel: Channel, id: DeliveryId) -> String {
    format!("{}.{id}", channel.as_str())
}

async fn entry(inner: &Inner, store: &Store, key: &str) -> Result<(u64, Option<Entry>), QueueError> {
    let entry = store.entry(key).await;
    let entry = entry.map_err(|error| inner.unavailable("reading a claim", error))?;
    let Some(entry) = entry else { return Ok((0, None)) };
    let read = serde_json::from_slice(&entry.value);
    let read = read.map_err(|_| QueueError::Unavailable {
        reason: format!("the claim {key} can't be read: is a worker of another version running?"),
    })?;
    Ok((entry.revision, Some(read)))
}

/// Whether nobody was faster.
async fn put(
    inner: &Inner,
    store: &Store,
    key: &str,
    revision: u64,
    entry: &Entry,
) -> Result<bool, QueueError> {
    let value = serde_json::to_vec(entry).expect("a claim has string keys only and no failing serializer");
    match store.update(key, value.into(), revision).await {
        Ok(_) => Ok(true),
        Err(error) if error.kind() == UpdateErrorKind::WrongLastRevision => Ok(false),
        Err(error) => Err(inner.unavailable("writing a claim", error)),
    }
}

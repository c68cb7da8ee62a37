//! Who works on which message: one key per message, under its channel's name, changed by exact revision.

mod remembered;

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

pub(crate) use remembered::Remembered;

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
    /// Free, where what was decided is about an earlier round: whoever was at work when it was reopened wrote that down late.
    fn of_this_round(self) -> Self {
        match &self.stage {
            Stage::Decided { word } if !word.is_of(self.round) => {
                Self { stage: Stage::Free, attempt: 0, ..self }
            }
            _ => self,
        }
    }

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
        let (store, key, now) = (inner.bucket(CLAIMS).await?, key(channel, id), inner.clock.now());
        let stage = || Stage::Claimed { worker: worker.to_owned() };
        // Most messages are taken once, and nobody has claimed them before.
        let first = Entry { stage: stage(), attempt: 1, round: 0, touched: now };
        if let Some(revision) = put(inner, &store, &key, 0, &first).await? {
            inner.remember(&key, revision, first);
            return Ok(Claim::Taken { attempt: 1 });
        }
        let (revision, found) = entry(inner, &store, &key).await?;
        // One that was touched so late in the future was touched by a clock that is set right by now, or will be.
        let gone = found.as_ref().is_some_and(|found| (now - found.touched).abs() >= inner.patience());
        let attempt = found.as_ref().map_or(0, |found| found.attempt) + 1;
        let round = found.as_ref().map_or(0, |found| found.round);
        let after_submitting = match found.map(|found| found.stage) {
            Some(Stage::Decided { word }) => return Ok(Claim::Decided(word)),
            Some(Stage::Claimed { .. } | Stage::Submitting { .. }) if !gone => return Ok(Claim::Busy),
            None | Some(Stage::Free | Stage::Claimed { .. }) => false,
            Some(Stage::Submitting { .. }) => true,
        };
        let taken = Entry { stage: stage(), attempt, round, touched: now };
        let Some(revision) = put(inner, &store, &key, revision, &taken).await? else {
            return Ok(Claim::Busy);
        };
        inner.remember(&key, revision, taken);
        Ok(if after_submitting { Claim::TakenAfterSubmitting { attempt } } else { Claim::Taken { attempt } })
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
            if put(&self.inner, &store, &key, revision, &Entry { stage, attempt, round, touched })
                .await?
                .is_some()
            {
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
        let (inner, store) = (&self.inner, self.inner.bucket(CLAIMS).await?);
        if let Some((revision, found)) = inner.claims.take(key, worker)
            && inner.turn(&store, key, revision, &found, stage.clone()).await?
        {
            return Ok(true);
        }
        // Somebody changed it, or another process wrote it.
        let (revision, found) = entry(inner, &store, key).await?;
        let Some(found) = found.filter(|found| found.is_held_by(worker)) else { return Ok(false) };
        inner.turn(&store, key, revision, &found, stage).await
    }
}

impl Inner {
    fn patience(&self) -> TimeDelta {
        TimeDelta::from_std(self.sizes.patience).unwrap_or(TimeDelta::MAX)
    }

    fn remember(&self, key: &str, revision: u64, entry: Entry) {
        self.claims.keep(key, revision, entry, self.patience());
    }

    /// Whether nobody was faster.
    async fn turn(
        &self,
        store: &Store,
        key: &str,
        revision: u64,
        found: &Entry,
        stage: Stage,
    ) -> Result<bool, QueueError> {
        let Entry { attempt, round, .. } = *found;
        let turned = Entry { stage, attempt, round, touched: self.clock.now() };
        let Some(revision) = put(self, store, key, revision, &turned).await? else { return Ok(false) };
        if matches!(turned.stage, Stage::Claimed { .. } | Stage::Submitting { .. }) {
            self.remember(key, revision, turned);
        }
        Ok(true)
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
    Ok((entry.revision, Some(Entry::of_this_round(read))))
}

/// The revision that was written, if nobody was faster.
async fn put(
    inner: &Inner,
    store: &Store,
    key: &str,
    revision: u64,
    entry: &Entry,
) -> Result<Option<u64>, QueueError> {
    let value = serde_json::to_vec(entry).expect("a claim has string keys only and no failing serializer");
    match store.update(key, value.into(), revision).await {
        Ok(revision) => Ok(Some(revision)),
        Err(error) if error.kind() == UpdateErrorKind::WrongLastRevision => Ok(None),
        Err(error) => Err(inner.unavailable("writing a claim", error)),
    }
}

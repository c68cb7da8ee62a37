//! Who works on which message: one key per message, changed by exact revision.

use async_nats::jetstream::kv::{Store, UpdateErrorKind};
use async_trait::async_trait;
use chrono::TimeDelta;
use serde::{Deserialize, Serialize};
use twostep_delivery::{Claim, Claims, QueueError, Report};
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

#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "is")]
enum Stage {
    Free,
    Claimed { worker: String },
    Submitting { worker: String },
    Decided { word: Box<Report> },
    Ended,
}

impl Entry {
    /// Whether `worker` may move the claim to `stage`.
    fn may_turn(&self, worker: &str, stage: &Stage) -> bool {
        match &self.stage {
            Stage::Claimed { worker: owner } | Stage::Submitting { worker: owner } => owner == worker,
            // The word is the same, whoever tells it.
            Stage::Decided { .. } => *stage == Stage::Ended,
            Stage::Free | Stage::Ended => false,
        }
    }
}

#[async_trait]
impl Claims for NatsQueue {
    async fn claim(&self, id: DeliveryId, worker: &str) -> Result<Claim, QueueError> {
        let inner = &self.inner;
        let store = inner.bucket(CLAIMS).await?;
        let (revision, found) = entry(inner, &store, id).await?;
        let now = inner.clock.now();
        let patience = TimeDelta::from_std(inner.sizes.patience).unwrap_or(TimeDelta::MAX);
        let gone = found.as_ref().is_some_and(|found| now - found.touched >= patience);
        let attempt = found.as_ref().map_or(0, |found| found.attempt) + 1;
        let round = found.as_ref().map_or(0, |found| found.round);
        let after_submitting = match found.map(|found| found.stage) {
            Some(Stage::Ended) => return Ok(Claim::Ended),
            Some(Stage::Decided { word }) => return Ok(Claim::Decided(word)),
            Some(Stage::Claimed { .. } | Stage::Submitting { .. }) if !gone => return Ok(Claim::Busy),
            None | Some(Stage::Free | Stage::Claimed { .. }) => false,
            Some(Stage::Submitting { .. }) => true,
        };
        let stage = Stage::Claimed { worker: worker.to_owned() };
        let taken = put(inner, &store, id, revision, &Entry { stage, attempt, round, touched: now }).await?;
        Ok(match (taken, after_submitting) {
            (false, _) => Claim::Busy,
            (true, false) => Claim::Taken { attempt },
            (true, true) => Claim::TakenAfterSubmitting { attempt },
        })
    }

    async fn submitting(&self, id: DeliveryId, worker: &str) -> Result<(), QueueError> {
        let stage = Stage::Submitting { worker: worker.to_owned() };
        if self.turn(id, worker, stage).await? {
            return Ok(());
        }
        Err(QueueError::Unavailable { reason: "the claim is no longer this worker's".to_owned() })
    }

    async fn release(&self, id: DeliveryId, worker: &str) -> Result<(), QueueError> {
        self.turn(id, worker, Stage::Free).await.map(drop)
    }

    async fn decide(&self, id: DeliveryId, worker: &str, word: &Report) -> Result<(), QueueError> {
        self.turn(id, worker, Stage::Decided { word: Box::new(word.clone()) }).await.map(drop)
    }

    async fn end(&self, id: DeliveryId, worker: &str) -> Result<(), QueueError> {
        self.turn(id, worker, Stage::Ended).await.map(drop)
    }
}

impl NatsQueue {
    /// Lets what ended before `round` be claimed anew, its tries counted from the first.
    pub(crate) async fn reopen_claim(&self, id: DeliveryId, round: u32) -> Result<(), QueueError> {
        let store = self.inner.bucket(CLAIMS).await?;
        loop {
            let (revision, found) = entry(&self.inner, &store, id).await?;
            let touched = self.inner.clock.now();
            let (stage, attempt) = match found {
                Some(found) if found.round >= round => return Ok(()),
                Some(Entry { stage: Stage::Free | Stage::Ended | Stage::Decided { .. }, .. }) | None => {
                    (Stage::Free, 0)
                }
                Some(Entry { stage, attempt, .. }) => (stage, attempt),
            };
            // Whoever was faster may have ended it meanwhile.
            if put(&self.inner, &store, id, revision, &Entry { stage, attempt, round, touched }).await? {
                return Ok(());
            }
        }
    }

    /// Moves `worker`'s own claim to `stage`; `false` when it is not (or no longer) its claim.
    async fn turn(&self, id: DeliveryId, worker: &str, stage: Stage) -> Result<bool, QueueError> {
        let store = self.inner.bucket(CLAIMS).await?;
        let (revision, found) = entry(&self.inner, &store, id).await?;
        let Some(found) = found.filter(|found| found.may_turn(worker, &stage)) else { return Ok(false) };
        let turned = Entry { stage, touched: self.inner.clock.now(), ..found };
        put(&self.inner, &store, id, revision, &turned).await
    }
}

async fn entry(inner: &Inner, store: &Store, id: DeliveryId) -> Result<(u64, Option<Entry>), QueueError> {
    let entry = store.entry(id.to_string()).await;
    let entry = entry.map_err(|error| inner.unavailable("reading a claim", error))?;
    let Some(entry) = entry else { return Ok((0, None)) };
    let read = serde_json::from_slice(&entry.value);
    let read = read.map_err(|_| QueueError::Unavailable {
        reason: format!("the claim on {id} can't be read: is a worker of another version running?"),
    })?;
    Ok((entry.revision, Some(read)))
}

/// Whether nobody was faster.
async fn put(
    inner: &Inner,
    store: &Store,
    id: DeliveryId,
    revision: u64,
    entry: &Entry,
) -> Result<bool, QueueError> {
    let value = serde_json::to_vec(entry).expect("a claim has string keys only and no failing serializer");
    match store.update(id.to_string(), value.into(), revision).await {
        Ok(_) => Ok(true),
        Err(error) if error.kind() == UpdateErrorKind::WrongLastRevision => Ok(false),
        Err(error) => Err(inner.unavailable("writing a claim", error)),
    }
}

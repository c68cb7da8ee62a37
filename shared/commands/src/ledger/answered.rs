//! Which requests a stream has answered: the memory behind idempotency keys.

use std::collections::BTreeMap;

use chrono::Duration;
use serde::{Deserialize, Serialize};
use twostep_clock::Time;
use twostep_domain::Digest;
use twostep_event_store::{Envelope, IdempotencyKey};

/// How long a key is remembered.
const MEMORY: Duration = Duration::hours(24);

/// The idempotency keys of a stream's last 24 hours, folded from its envelopes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answered(BTreeMap<Digest, Answer>);

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Answer {
    body: Digest,
    at: Time,
}

/// What is known of a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Known {
    /// Nothing: carry the request out.
    No,
    /// The same request was answered.
    Same,
    /// Another request had this key.
    OtherBody,
}

impl Answered {
    pub(super) fn take_in(&mut self, envelope: &Envelope) {
        let Some(key) = &envelope.metadata.idempotency else { return };
        let at = envelope.recorded_at;
        self.0.retain(|_, answer| at - answer.at < MEMORY);
        self.0.entry(key.key.clone()).or_insert(Answer { body: key.body.clone(), at });
    }

    /// What is known of `key` at `now`.
    #[must_use]
    pub fn find(&self, key: &IdempotencyKey, now: Time) -> Known {
        match self.0.get(&key.key) {
            Some(answer) if now - answer.at >= MEMORY => Known::No,
            Some(answer) if answer.body == key.body => Known::Same,
            Some(_) => Known::OtherBody,
            None => Known::No,
        }
    }
}

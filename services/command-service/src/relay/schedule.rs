//! What is due when: the relay's memory, all of it rebuilt from the log at start.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use twostep_domain::delivery::{DeliveryRequested, MessageKind};
use twostep_domain::{CompanyId, DeliveryId, IntentId, Time};

use super::intent::Intent;
use super::{REMEMBERED, SILENCE};

/// Something to do.
pub(super) enum Due {
    /// An intent's messages are to be made and published.
    Intent(Arc<Intent>),
    /// A message is to be published again.
    Message {
        /// Which.
        id: DeliveryId,
        /// Of what.
        intent: Arc<Intent>,
    },
    /// A message that nobody spoke of is of no more use.
    Expiry(DeliveryId, CompanyId),
}

impl Due {
    fn is_for_queue(&self) -> bool {
        match self {
            Self::Intent(_) | Self::Message { .. } => true,
            Self::Expiry(..) => false,
        }
    }
}

/// What is due when, and how far each recent message is.
#[derive(Default)]
pub(super) struct Schedule {
    due: BTreeMap<(Time, u64), Due>,
    sequence: u64,
    /// How many of them are for the queue.
    backlog: usize,
    intents: HashMap<IntentId, Arc<Intent>>,
    messages: HashMap<DeliveryId, Entry>,
}

struct Entry {
    intent: IntentId,
    expires_at: Time,
    open: bool,
}

impl Schedule {
    /// The earliest thing to do.
    pub(super) fn next_due(&self) -> Option<Time> {
        self.due.first_key_value().map(|((at, _), _)| *at)
    }

    /// How many intents and messages wait to be put into the queue.
    pub(super) fn backlog(&self) -> usize {
        self.backlog
    }

    /// Takes out what is due at `now`.
    pub(super) fn take_due(&mut self, now: Time) -> Vec<Due> {
        let later = self.due.split_off(&(now, u64::MAX));
        let due = std::mem::replace(&mut self.due, later);
        self.backlog -= due.values().filter(|due| due.is_for_queue()).count();
        self.forget(now);
        due.into_values().filter(|due| self.still_matters(due)).collect()
    }

    /// An intent was recorded.
    pub(super) fn intended(&mut self, intent: Intent, now: Time) {
        let intent = Arc::new(intent);
        self.intents.insert(intent.id, intent.clone());
        self.at(now, Due::Intent(intent));
    }

    /// A message was recorded.
    pub(super) fn requested(&mut self, id: DeliveryId, company: CompanyId, request: &DeliveryRequested) {
        self.expect(id, company, request.intent, request.expires_at);
    }

    /// A message is to be tried again at `next_at`; a code's retries are the queue's, and only shown.
    pub(super) fn retried(&mut self, id: DeliveryId, next_at: Time) {
        let intent = self.messages.get(&id).and_then(|entry| self.intents.get(&entry.intent)).cloned();
        let logs =
            |intent: &Arc<Intent>| !matches!(intent.kind(), MessageKind::SignInCode | MessageKind::SetUpCode);
        if let Some(intent) = intent.filter(logs) {
            self.at(next_at, Due::Message { id, intent });
        }
    }

    /// A message needs nothing more.
    pub(super) fn ended(&mut self, id: DeliveryId) {
        if let Some(entry) = self.messages.get_mut(&id) {
            entry.open = false;
        }
    }

    /// Whether the message is still to be sent, or not known yet.
    pub(super) fn is_open(&self, id: DeliveryId) -> bool {
        self.messages.get(&id).is_none_or(|entry| entry.open)
    }

    /// Notes a message of `intent` before its event comes back from the log.
    pub(super) fn remember(&mut self, id: DeliveryId, intent: &Intent) {
        self.expect(id, intent.company, intent.id, intent.expires_at);
    }

    fn expect(&mut self, id: DeliveryId, company: CompanyId, intent: IntentId, expires_at: Time) {
        if self.messages.contains_key(&id) {
            return;
        }
        self.messages.insert(id, Entry { intent, expires_at, open: true });
        self.at(expires_at + SILENCE, Due::Expiry(id, company));
    }

    /// Puts something back that could not be done, until `at`.
    pub(super) fn put_back(&mut self, due: Due, at: Time) {
        self.at(at, due);
    }

    fn at(&mut self, at: Time, due: Due) {
        self.sequence += 1;
        self.backlog += usize::from(due.is_for_queue());
        self.due.insert((at, self.sequence), due);
    }

    fn still_matters(&self, due: &Due) -> bool {
        match due {
            Due::Intent(_) => true,
            Due::Message { id, .. } | Due::Expiry(id, _) => {
                self.messages.get(id).is_some_and(|entry| entry.open)
            }
        }
    }

    /// Drops what is long past its end: neither a late report nor a restart asks for it.
    fn forget(&mut self, now: Time) {
        let kept = |expires_at: Time| now < expires_at + REMEMBERED + SILENCE * 2;
        self.intents.retain(|_, intent| kept(intent.expires_at));
        self.messages.retain(|_, entry| kept(entry.expires_at));
    }
}

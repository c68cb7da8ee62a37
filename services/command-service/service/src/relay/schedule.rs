//! What is due when: the relay's memory, all of it rebuilt from the log at start.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use chrono::Duration;
use twostep_domain::delivery::{DeliveryEvent, DeliveryRequested, MessageKind, Urgency};
use twostep_domain::{CompanyId, DecodeError, DeliveryId, Event as _, IntentId, StreamKind, Time};
use twostep_event_store::RecordedEvent;

use super::cause::Cause;
use super::due::{Due, Lane, Task, pause};
use super::intent::Intent;
use super::memory::{Entry, Remembered};
use super::shares::Shares;
use super::{REMEMBERED, SILENCE};

/// How often an intent is tried at the least before it is given up once it is over: about a minute's worth.
const TRIES: u32 = 7;

/// How long a queue is trusted with a message that somebody waits for, and with a notice, before it is published again. While it
/// lies there that changes nothing; a broker that lost it gets it back.
const URGENT_DOUBT: Duration = Duration::seconds(60);
const NOTICE_DOUBT: Duration = Duration::minutes(10);

/// So much may wait unlooked at while another relay leads.
const LEFT_TO_OTHERS: usize = 1_000;

/// What is due when, and how far each recent message is.
#[derive(Default)]
pub(super) struct Schedule {
    /// Lane by lane, then by time.
    due: BTreeMap<(Lane, Time, u64), Task>,
    /// Until when a lane is left alone: the queue takes nothing of it at present.
    held: BTreeMap<Lane, Time>,
    sequence: u64,
    /// How many of them are for the queue.
    backlog: usize,
    intents: HashMap<IntentId, Arc<Intent>>,
    messages: HashMap<DeliveryId, Entry>,
    /// What is remembered, by when it is over: what is to be forgotten stands in front.
    by_end: BTreeSet<(Time, Remembered)>,
    shares: Shares,
    /// How many messages of an intent are open.
    open: HashMap<IntentId, usize>,
    /// The intents with a doubt to come.
    doubted: HashSet<IntentId>,
    cause: Cause,
    tidy_at: usize,
}

impl Schedule {
    /// The time of the earliest thing to do.
    pub(super) fn next_due(&self) -> Option<Time> {
        let first = |lane| {
            let (_, at, _) = self.first(lane)?;
            Some(self.held.get(&lane).map_or(at, |until| at.max(*until)))
        };
        Lane::ALL.into_iter().filter_map(first).min()
    }

    fn first(&self, lane: Lane) -> Option<(Lane, Time, u64)> {
        let all = (lane, Time::MIN_UTC, 0)..=(lane, Time::MAX_UTC, u64::MAX);
        self.due.range(all).next().map(|(key, _)| *key)
    }

    /// How many intents and messages wait to be put into the queue.
    pub(super) fn backlog(&self) -> usize {
        self.backlog + self.shares.waiting()
    }

    /// Takes out at most `limit` of what is due at `now`, what is urgent before anything else.
    pub(super) fn take_due(&mut self, now: Time, limit: usize) -> Vec<Task> {
        let mut batch = Vec::new();
        self.held.retain(|_, until| *until > now);
        for lane in Lane::ALL {
            while batch.len() < limit
                && !self.held.contains_key(&lane)
                && let Some(key) = self.first(lane).filter(|(_, at, _)| *at <= now)
                && let Some(task) = self.due.remove(&key)
            {
                self.backlog -= usize::from(task.due.is_for_queue());
                if let Due::Doubt(intent) = &task.due {
                    self.doubted.remove(&intent.id);
                }
                if self.still_matters(&task.due)
                    && let Some(task) = self.unless_shared_out(task)
                {
                    batch.push(task);
                }
            }
        }
        self.forget(now);
        batch
    }

    /// The task, unless it would put more of its company's notices into the queue than may lie there: then it waits until some
    /// of them end.
    fn unless_shared_out(&mut self, task: Task) -> Option<Task> {
        match &task.due {
            Due::Intent(intent) | Due::Message { intent, .. } if task.due.lane() == Lane::Notice => {
                let company = intent.company;
                self.shares.unless_full(company, task)
            }
            _ => Some(task),
        }
    }

    /// While another relay leads: drops what that one has ended, and what is long over, whenever twice as much waits as was
    /// left the last time.
    pub(super) fn leave_to_others(&mut self, now: Time) {
        for task in self.shares.release() {
            self.insert(task);
        }
        if self.due.len() < self.tidy_at.max(LEFT_TO_OTHERS) {
            return;
        }
        self.forget(now);
        let mut due = std::mem::take(&mut self.due);
        due.retain(|_, task| self.still_matters(&task.due) && !task.due.is_long_over(now));
        self.backlog = due.values().filter(|task| task.due.is_for_queue()).count();
        let doubted = due.values().filter_map(|task| match &task.due {
            Due::Doubt(intent) => Some(intent.id),
            _ => None,
        });
        self.doubted = doubted.collect();
        self.tidy_at = due.len() * 2;
        self.due = due;
    }

    /// Notes what an event means for messages; nothing is sent here.
    ///
    /// # Errors
    /// An event that this program is too old for.
    pub(super) fn note(&mut self, event: &RecordedEvent, now: Time) -> Result<(), DecodeError> {
        let envelope = &event.envelope;
        self.cause.note(event)?;
        if envelope.kind == StreamKind::Delivery {
            let Some(id) = envelope.key.uuid().map(DeliveryId) else { return Ok(()) };
            match DeliveryEvent::decode(&envelope.event_type, envelope.version, &event.data)? {
                DeliveryEvent::DeliveryRequested(request) => {
                    self.requested(id, envelope.company, &request, now);
                }
                DeliveryEvent::DeliveryRetried(retried) => self.retried(id, retried.next_at),
                DeliveryEvent::DeliveryRedriven(_) => self.redriven(id, now),
                _ => self.ended(id),
            }
        } else if let Some(intent) = Intent::of(event)?.filter(|intent| now < intent.expires_at + REMEMBERED)
        {
            let told = self.cause.of(envelope);
            self.intended(Intent { told, ..intent }, now);
        }
        Ok(())
    }

    /// A recent intent.
    pub(super) fn intent(&self, id: IntentId) -> Option<&Intent> {
        self.intents.get(&id).map(Arc::as_ref)
    }

    /// An intent was recorded.
    fn intended(&mut self, intent: Intent, now: Time) {
        let intent = Arc::new(intent);
        self.intents.insert(intent.id, intent.clone());
        self.by_end.insert((intent.expires_at, Remembered::Intent(intent.id)));
        self.at(now, Due::Intent(intent));
    }

    /// A message was recorded.
    fn requested(&mut self, id: DeliveryId, company: CompanyId, request: &DeliveryRequested, now: Time) {
        self.expect(id, company, (request.intent, request.urgency), request.expires_at, now);
    }

    /// A message is to be tried again at `next_at`; a code's retries are the queue's, and only shown.
    fn retried(&mut self, id: DeliveryId, next_at: Time) {
        let intent = self.messages.get(&id).and_then(|entry| self.intents.get(&entry.intent)).cloned();
        let logs =
            |intent: &Arc<Intent>| !matches!(intent.kind(), MessageKind::SignInCode | MessageKind::SetUpCode);
        if let Some(intent) = intent.filter(logs) {
            self.waits(id, next_at);
            self.at(next_at, Due::Message { id, intent, at: next_at });
        }
    }

    /// The message left the queue until `next_at`: an address that is out of order for a day keeps no place from others.
    fn waits(&mut self, id: DeliveryId, next_at: Time) {
        let Some(entry) = self.messages.get_mut(&id) else { return };
        let share = entry.counts().then_some(entry.company);
        (entry.retry_at, entry.published_at) = (Some(next_at), None);
        self.give_up_share(share);
    }

    /// An operator wants it sent once more.
    fn redriven(&mut self, id: DeliveryId, now: Time) {
        let Some(entry) = self.messages.get_mut(&id) else { return };
        if !entry.open {
            *self.open.entry(entry.intent).or_default() += 1;
        }
        entry.open = true;
        entry.retry_at = Some(now);
        entry.redrives += 1;
        let expires_at = entry.expires_at;
        if let Some(intent) = self.intents.get(&entry.intent).cloned() {
            // The one that it had may be gone since it ended.
            self.at(expires_at.max(now) + SILENCE, Due::Expiry(id, intent.company));
            self.at(now, Due::Message { id, intent, at: now });
        }
    }

    /// How often an operator wanted the message sent once more.
    pub(super) fn redrives(&self, id: DeliveryId) -> u32 {
        self.messages.get(&id).map_or(0, |entry| entry.redrives)
    }

    /// A message was put into the queue at `now`; the retry that the log named, where it named one, is over with that.
    pub(super) fn published(&mut self, id: DeliveryId, now: Time) {
        let Some(entry) = self.messages.get_mut(&id) else { return };
        let counted = entry.counts();
        entry.retry_at = None;
        entry.published_at = Some(now);
        if !counted && entry.counts() {
            self.shares.took(entry.company);
        }
    }

    /// Whether the queue has had the message of `intent` for so short a time that it isn't doubted yet.
    pub(super) fn is_trusted(&self, id: DeliveryId, intent: &Intent, now: Time) -> bool {
        let published = self.messages.get(&id).and_then(|entry| entry.published_at);
        published.is_some_and(|at| now < at + doubted_after(intent))
    }

    /// Whether the message has a retry of its own to come: whoever sends its intent leaves it alone.
    pub(super) fn waits_for_retry(&self, id: DeliveryId) -> bool {
        self.messages.get(&id).is_some_and(|entry| entry.retry_at.is_some())
    }

    /// A message needs nothing more.
    fn ended(&mut self, id: DeliveryId) {
        let Some(entry) = self.messages.get_mut(&id).filter(|entry| entry.open) else { return };
        let share = entry.counts().then_some(entry.company);
        entry.open = false;
        // Sent once more, it counts again when it is put into the queue again.
        entry.published_at = None;
        let intent = entry.intent;
        self.closed(intent, share);
    }

    /// A message of `intent` is not open any more, which took a part of the company's `share` if it names one.
    fn closed(&mut self, intent: IntentId, share: Option<CompanyId>) {
        if let Some(open) = self.open.get_mut(&intent) {
            *open -= 1;
            if *open == 0 {
                self.open.remove(&intent);
            }
        }
        self.give_up_share(share);
    }

    /// What a company's share has room for now is tried.
    fn give_up_share(&mut self, of: Option<CompanyId>) {
        for task in of.map(|company| self.shares.left(company)).unwrap_or_default() {
            self.insert(task);
        }
    }

    /// Messages of `intent` were published at `now`: what isn't ended in time is published again.
    pub(super) fn doubt(&mut self, intent: &Arc<Intent>, now: Time) {
        if self.has_open(intent) && !self.doubted.contains(&intent.id) {
            self.at(now + doubted_after(intent), Due::Doubt(intent.clone()));
        }
    }

    fn has_open(&self, intent: &Intent) -> bool {
        self.open.get(&intent.id).is_some_and(|open| *open > 0)
    }

    /// Whether the message is still to be sent, or not known yet.
    pub(super) fn is_open(&self, id: DeliveryId) -> bool {
        self.messages.get(&id).is_none_or(|entry| entry.open)
    }

    /// Whether the message may have been in the queue: then others may know what became of it.
    pub(super) fn knows(&self, id: DeliveryId) -> bool {
        self.messages.contains_key(&id)
    }

    /// Notes a message of `intent` before its event comes back from the log.
    pub(super) fn remember(&mut self, id: DeliveryId, intent: &Intent, now: Time) {
        self.expect(id, intent.company, (intent.id, intent.kind().urgency()), intent.expires_at, now);
    }

    /// Nobody spoke of it until it is silent for long enough: what was over before this process began may still be told.
    fn expect(
        &mut self,
        id: DeliveryId,
        company: CompanyId,
        (intent, urgency): (IntentId, Urgency),
        expires_at: Time,
        now: Time,
    ) {
        if self.messages.contains_key(&id) {
            return;
        }
        let (open, retry_at, published_at, redrives) = (true, None, None, 0);
        let entry = Entry { company, intent, urgency, expires_at, open, retry_at, published_at, redrives };
        self.messages.insert(id, entry);
        self.by_end.insert((expires_at, Remembered::Message(id)));
        *self.open.entry(intent).or_default() += 1;
        self.at(expires_at.max(now) + SILENCE, Due::Expiry(id, company));
    }

    /// Puts something back that the queue didn't take, behind whatever else waits for it; all of that is left alone `until`
    /// then, as the queue would take nothing of it either.
    pub(super) fn put_back(&mut self, task: Task, until: Time) {
        self.held.insert(task.due.lane(), until);
        self.insert(Task { at: until, ..task });
    }

    /// The task, unless the queue has taken nothing of its kind since it was taken out: then it is put back as it was.
    pub(super) fn unless_held(&mut self, task: Task) -> Option<Task> {
        if !self.held.contains_key(&task.due.lane()) {
            return Some(task);
        }
        self.insert(task);
        None
    }

    /// Puts something back that failed at `now`, for longer each time; gives up an intent that is over.
    pub(super) fn failed(&mut self, task: Task, now: Time) {
        let Task { due, failures, .. } = task;
        let failures = failures.saturating_add(1);
        match &due {
            Due::Intent(intent) if now >= intent.expires_at && failures >= TRIES => {
                tracing::error!(intent = %intent.id, "messages that can't be made are given up: their time is over");
            }
            _ => self.insert(Task { due, at: now + pause(failures), failures }),
        }
    }

    fn at(&mut self, at: Time, due: Due) {
        self.insert(Task { due, at, failures: 0 });
    }

    fn insert(&mut self, task: Task) {
        self.sequence += 1;
        self.backlog += usize::from(task.due.is_for_queue());
        if let Due::Doubt(intent) = &task.due {
            self.doubted.insert(intent.id);
        }
        self.due.insert((task.due.lane(), task.at, self.sequence), task);
    }

    fn still_matters(&self, due: &Due) -> bool {
        match due {
            Due::Intent(intent) => intent.mailed_code().is_none_or(|id| self.is_open(id)),
            Due::Doubt(intent) => self.has_open(intent),
            Due::Message { id, at, .. } => {
                self.messages.get(id).is_some_and(|entry| entry.open && entry.retry_at == Some(*at))
            }
            Due::Expiry(id, _) => self.messages.get(id).is_some_and(|entry| entry.open),
        }
    }

    /// Drops what is long past its end: neither a late report nor a restart asks for it.
    fn forget(&mut self, now: Time) {
        while let Some((over, what)) = self.by_end.first().copied()
            && now >= over + REMEMBERED + SILENCE * 2
        {
            self.by_end.pop_first();
            match what {
                Remembered::Intent(id) => drop(self.intents.remove(&id)),
                Remembered::Message(id) => {
                    if let Some(entry) = self.messages.remove(&id).filter(|entry| entry.open) {
                        self.closed(entry.intent, entry.counts().then_some(entry.company));
                    }
                }
            }
        }
    }
}

/// How long a queue is trusted with a message of this intent.
fn doubted_after(intent: &Intent) -> Duration {
    match intent.kind().urgency() {
        Urgency::Urgent => URGENT_DOUBT,
        Urgency::Notice => NOTICE_DOUBT,
    }
}

#[cfg(test)]
mod tests;

//! What is due when: the relay's memory, all of it rebuilt from the log at start.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use chrono::Duration;
use twostep_domain::delivery::{DeliveryEvent, DeliveryRequested, MessageKind, Urgency};
use twostep_domain::{CompanyId, DecodeError, DeliveryId, Event as _, IntentId, StreamKind, Time};
use twostep_event_store::RecordedEvent;

use super::cause::Cause;
use super::intent::Intent;
use super::{REMEMBERED, SILENCE};

/// The longest wait for something that keeps failing.
const LONGEST_PAUSE: Duration = Duration::seconds(60);

/// How often an intent is tried at the least before it is given up once it is over: about a minute's worth.
const TRIES: u32 = 7;

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

/// Something to do, and how often it has failed.
pub(super) struct Task {
    pub(super) due: Due,
    failures: u32,
}

impl Due {
    /// Whether somebody waits for it; an expiry only writes down what the clock has told already.
    fn urgency(&self) -> Urgency {
        match self {
            Self::Intent(intent) | Self::Message { intent, .. } => intent.kind().urgency(),
            Self::Expiry(..) => Urgency::Notice,
        }
    }

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
    /// What is urgent first, then by time.
    due: BTreeMap<(Urgency, Time, u64), Task>,
    sequence: u64,
    /// How many of them are for the queue.
    backlog: usize,
    intents: HashMap<IntentId, Arc<Intent>>,
    messages: HashMap<DeliveryId, Entry>,
    cause: Cause,
}

struct Entry {
    intent: IntentId,
    expires_at: Time,
    open: bool,
}

impl Schedule {
    /// The time of the earliest thing to do.
    pub(super) fn next_due(&self) -> Option<Time> {
        [Urgency::Urgent, Urgency::Notice]
            .iter()
            .filter_map(|urgency| self.first(*urgency))
            .map(|key| key.1)
            .min()
    }

    fn first(&self, urgency: Urgency) -> Option<(Urgency, Time, u64)> {
        let all = (urgency, Time::MIN_UTC, 0)..=(urgency, Time::MAX_UTC, u64::MAX);
        self.due.range(all).next().map(|(key, _)| *key)
    }

    /// How many intents and messages wait to be put into the queue.
    pub(super) fn backlog(&self) -> usize {
        self.backlog
    }

    /// Takes out at most `limit` of what is due at `now`, what is urgent before anything else.
    pub(super) fn take_due(&mut self, now: Time, limit: usize) -> Vec<Task> {
        let mut batch = Vec::new();
        for urgency in [Urgency::Urgent, Urgency::Notice] {
            while batch.len() < limit
                && let Some(key) = self.first(urgency).filter(|(_, at, _)| *at <= now)
                && let Some(task) = self.due.remove(&key)
            {
                self.backlog -= usize::from(task.due.is_for_queue());
                if self.still_matters(&task.due) {
                    batch.push(task);
                }
            }
        }
        if batch.len() < limit {
            self.forget(now);
        }
        batch
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
                DeliveryEvent::DeliveryRequested(request) => self.requested(id, envelope.company, &request),
                DeliveryEvent::DeliveryRetried(retried) => self.retried(id, retried.next_at),
                _ => self.ended(id),
            }
        } else if let Some(intent) = Intent::of(event)?.filter(|intent| now < intent.expires_at + REMEMBERED)
        {
            let reason = self.cause.of(envelope);
            self.intended(Intent { reason, ..intent }, now);
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
        self.at(now, Due::Intent(intent));
    }

    /// A message was recorded.
    fn requested(&mut self, id: DeliveryId, company: CompanyId, request: &DeliveryRequested) {
        self.expect(id, company, request.intent, request.expires_at);
    }

    /// A message is to be tried again at `next_at`; a code's retries are the queue's, and only shown.
    fn retried(&mut self, id: DeliveryId, next_at: Time) {
        let intent = self.messages.get(&id).and_then(|entry| self.intents.get(&entry.intent)).cloned();
        let logs =
            |intent: &Arc<Intent>| !matches!(intent.kind(), MessageKind::SignInCode | MessageKind::SetUpCode);
        if let Some(intent) = intent.filter(logs) {
            self.at(next_at, Due::Message { id, intent });
        }
    }

    /// A message needs nothing more.
    fn ended(&mut self, id: DeliveryId) {
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

    /// Puts something back that the queue didn't take, until `at`.
    pub(super) fn put_back(&mut self, task: Task, at: Time) {
        self.insert(at, task);
    }

    /// Puts something back that failed at `now`, for longer each time; gives up an intent that is over.
    pub(super) fn failed(&mut self, task: Task, now: Time) {
        let Task { due, failures } = task;
        let failures = failures.saturating_add(1);
        match &due {
            Due::Intent(intent) if now >= intent.expires_at && failures >= TRIES => {
                tracing::error!(intent = %intent.id, "messages that can't be made are given up: their time is over");
            }
            _ => self.insert(now + pause(failures), Task { due, failures }),
        }
    }

    fn at(&mut self, at: Time, due: Due) {
        self.insert(at, Task { due, failures: 0 });
    }

    fn insert(&mut self, at: Time, task: Task) {
        self.sequence += 1;
        self.backlog += usize::from(task.due.is_for_queue());
        self.due.insert((task.due.urgency(), at, self.sequence), task);
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

/// How long to wait after so many failures: 1 s, 2 s, 4 s … a minute.
fn pause(failures: u32) -> Duration {
    Duration::seconds(1 << failures.saturating_sub(1).min(6)).min(LONGEST_PAUSE)
}

#[cfg(test)]
mod tests {
    use twostep_domain::delivery::Channel;
    use twostep_domain::member::Link;
    use twostep_domain::{Audience, Digest, KeyPeriod, LinkId, MemberId, NoticeRequested};
    use twostep_event_store::{Checkpoint, Reader as _};
    use uuid::Uuid;

    use super::super::intent::Wish;
    use super::*;
    use crate::following::tests::log_with;

    const NOW: Time = Time::UNIX_EPOCH;
    const COMPANY: CompanyId = CompanyId(Uuid::nil());
    const MEMBER: MemberId = MemberId(Uuid::nil());

    fn after(seconds: i64) -> Time {
        NOW + Duration::seconds(seconds)
    }

    fn intent(number: u128, wish: Wish, expires_at: Time) -> Intent {
        Intent {
            id: IntentId(Uuid::from_u128(number)),
            company: COMPANY,
            recorded_at: NOW,
            expires_at,
            client: None,
            reason: None,
            wish,
        }
    }

    fn notice(number: u128) -> Intent {
        let notice =
            NoticeRequested { kind: MessageKind::ResetByAdmin, audience: Audience::Owner, also: None };
        intent(number, Wish::Notice { notice, owner: Some(MEMBER) }, after(24 * 3600))
    }

    fn reset(number: u128) -> Intent {
        let expires_at = after(3600);
        let link =
            Link { id: LinkId(Uuid::nil()), key: KeyPeriod("1970-01".to_owned()), expires_at, mailed: true };
        intent(number, Wish::Link { member: MEMBER, link, kind: MessageKind::PasswordReset }, expires_at)
    }

    fn numbers(tasks: &[Task]) -> Vec<u128> {
        let number = |task: &Task| match &task.due {
            Due::Intent(intent) | Due::Message { intent, .. } => intent.id.0.as_u128(),
            Due::Expiry(id, _) => id.0.as_u128(),
        };
        tasks.iter().map(number).collect()
    }

    #[test]
    fn what_is_urgent_comes_before_a_thousand_older_notices_a_batch_at_a_time() {
        let mut schedule = Schedule::default();
        (0..1000).for_each(|number| schedule.intended(notice(number), NOW));
        assert_eq!(numbers(&schedule.take_due(after(1), 2)), [0, 1]);
        schedule.intended(reset(5000), after(1));
        schedule.intended(reset(5001), after(2));
        assert_eq!(schedule.next_due(), Some(NOW));
        assert_eq!(numbers(&schedule.take_due(after(1), 3)), [5000, 2, 3]);
        assert_eq!(numbers(&schedule.take_due(after(2), 1)), [5001]);
        assert_eq!(schedule.backlog(), 996);
    }

    #[test]
    fn what_fails_waits_longer_each_time() {
        let mut schedule = Schedule::default();
        schedule.intended(reset(1), NOW);
        let (mut now, mut waits) = (NOW, Vec::new());
        for _ in 0..9 {
            let task = schedule.take_due(now, 1).pop().unwrap();
            schedule.failed(task, now);
            let next = schedule.next_due().unwrap();
            waits.push((next - now).num_seconds());
            now = next;
        }
        assert_eq!(waits, [1, 2, 4, 8, 16, 32, 60, 60, 60]);
    }

    #[test]
    fn what_can_not_be_made_is_given_up_once_it_is_over() {
        let mut schedule = Schedule::default();
        schedule.intended(reset(1), after(3600));
        let mut tries = 0;
        while let Some(now) = schedule.next_due() {
            let task = schedule.take_due(now, 1).pop().unwrap();
            schedule.failed(task, now);
            tries += 1;
        }
        assert_eq!((tries, schedule.backlog()), (TRIES, 0));
    }

    #[test]
    fn a_message_that_ended_does_not_come_due() {
        let mut schedule = Schedule::default();
        let id = DeliveryId(Uuid::from_u128(7));
        let request = DeliveryRequested {
            intent: IntentId(Uuid::nil()),
            recipient: MEMBER,
            destination_hash: Digest::of(&[7; 32]),
            channel: Channel::Email,
            kind: MessageKind::ResetByAdmin,
            urgency: Urgency::Notice,
            expires_at: NOW,
        };
        schedule.requested(id, COMPANY, &request);
        assert!(schedule.is_open(id));
        schedule.ended(id);
        assert!(schedule.take_due(NOW + SILENCE, 1).is_empty());
    }

    #[tokio::test]
    async fn an_event_that_is_too_new_is_not_skipped() {
        for kind in [StreamKind::Delivery, StreamKind::SecondStep, StreamKind::Member, StreamKind::Company] {
            let log = log_with(kind, "SomethingNewer").await;
            let events = log.read(&Checkpoint::start(), 1).await.unwrap();
            assert!(Schedule::default().note(&events[0], NOW).is_err(), "{kind:?}");
        }
    }
}

//! Messages that ended badly, as an operator looks at them.

use std::cmp::Reverse;
use std::collections::{HashMap, VecDeque};

use chrono::TimeDelta;
use twostep_domain::delivery::{Channel, DeliveryEvent, MessageKind, Progress};
use twostep_domain::{CompanyId, DeliveryId, IntentId, MemberId, Time};

use crate::MessageStatus;

/// How long one is listed: by then nothing of it is of use to anybody.
const LISTED: TimeDelta = TimeDelta::days(14);

/// The most that are listed; older ones are in the log.
const MOST: usize = 100_000;

/// A message that ended badly, without address and content.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeadLetter {
    /// Which message.
    pub id: DeliveryId,
    /// Whose.
    pub company: CompanyId,
    /// To whom it was to go.
    pub recipient: MemberId,
    /// The event that wanted it sent.
    pub intent: IntentId,
    /// By e-mail or text.
    pub channel: Channel,
    /// What it says.
    pub kind: MessageKind,
    /// The class of what went wrong.
    pub error: &'static str,
    /// What was said, without address and content.
    pub reason: String,
    /// Which provider said so, where one did.
    pub provider: Option<String>,
    /// Tries, where the last word counts them.
    pub attempts: Option<u32>,
    /// When it ended.
    pub at: Time,
    /// When it is of no more use.
    pub expires_at: Time,
}

/// The dead letters of the last 14 days.
#[derive(Default, PartialEq)]
pub struct DeadLetters {
    letters: HashMap<DeliveryId, Kept>,
    order: VecDeque<(Time, DeliveryId)>,
}

/// A letter that is dead, or was and may be again: its message may be forgotten by then.
#[derive(PartialEq)]
struct Kept {
    letter: DeadLetter,
    dead: bool,
}

impl Kept {
    fn is_listed(&self, now: Time) -> bool {
        self.dead && now - self.letter.at <= LISTED
    }
}

impl DeadLetters {
    /// All of the last 14 days before `now`, the latest first.
    #[must_use]
    pub fn all(&self, now: Time) -> Vec<&DeadLetter> {
        let listed = self.letters.values().filter(|kept| kept.is_listed(now));
        let mut all: Vec<_> = listed.map(|kept| &kept.letter).collect();
        all.sort_by_key(|letter| Reverse((letter.at, letter.id)));
        all
    }

    /// The dead letter `id`, where it is one of the last 14 days before `now`.
    #[must_use]
    pub fn get(&self, id: DeliveryId, now: Time) -> Option<&DeadLetter> {
        self.letters.get(&id).filter(|kept| kept.is_listed(now)).map(|kept| &kept.letter)
    }

    /// Notes what `event` made of the message `id` at that time; `message` is what it was, as long as that is remembered.
    pub(crate) fn note(
        &mut self,
        id: DeliveryId,
        message: Option<&MessageStatus>,
        event: &DeliveryEvent,
        at: Time,
    ) {
        let before = self.letters.remove(&id).map(|kept| kept.letter);
        let (Some(error), Some((reason, provider, attempts))) =
            (Progress::after(event).dead(), last_word(event))
        else {
            // It may end badly again; nothing is kept of what never did.
            if let Some(letter) = before {
                self.letters.insert(id, Kept { letter, dead: false });
            }
            return;
        };
        let Some(letter) = before.or_else(|| message.map(DeadLetter::of)) else { return };
        let (reason, provider) = (reason.to_owned(), provider.map(str::to_owned));
        let letter = DeadLetter { error, reason, provider, attempts, at, ..letter };
        self.letters.insert(id, Kept { letter, dead: true });
        self.order.push_back((at, id));
        self.forget(at);
    }

    /// Forgets what is too old or too much.
    fn forget(&mut self, now: Time) {
        while let Some((at, id)) = self.order.front().copied()
            && (self.order.len() > MOST || now - at > LISTED)
        {
            self.order.pop_front();
            // It may have been sent once more and ended badly again since.
            if self.letters.get(&id).is_some_and(|kept| kept.letter.at == at) {
                self.letters.remove(&id);
            }
        }
    }
}

impl DeadLetter {
    /// What the message was; how it ended is said by its event.
    fn of(message: &MessageStatus) -> Self {
        Self {
            id: message.id,
            company: message.company,
            recipient: message.recipient,
            intent: message.intent,
            channel: message.channel,
            kind: message.kind,
            error: "",
            reason: String::new(),
            provider: None,
            attempts: None,
            at: message.at,
            expires_at: message.expires_at,
        }
    }
}

/// What was said, by whom, after how many tries.
fn last_word(event: &DeliveryEvent) -> Option<(&str, Option<&str>, Option<u32>)> {
    match event {
        DeliveryEvent::DeliveryFailed(event) => Some((&event.reason, None, Some(event.attempts))),
        DeliveryEvent::DeliveryUnknown(event) => {
            Some((&event.reason, Some(&event.provider), Some(event.attempts)))
        }
        DeliveryEvent::DeliveryBounced(event) => Some((&event.reason, Some(&event.provider), None)),
        _ => None,
    }
}

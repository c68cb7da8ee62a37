//! Messages that ended badly, as an operator looks at them.

use std::cmp::Reverse;
use std::collections::{HashMap, VecDeque};

use chrono::TimeDelta;
use twostep_domain::delivery::{Channel, DeliveryEvent, MessageKind};
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
    letters: HashMap<DeliveryId, DeadLetter>,
    order: VecDeque<(Time, DeliveryId)>,
}

impl DeadLetters {
    /// All, the latest first.
    #[must_use]
    pub fn all(&self) -> Vec<&DeadLetter> {
        let mut all: Vec<_> = self.letters.values().collect();
        all.sort_by_key(|letter| Reverse((letter.at, letter.id)));
        all
    }

    /// The dead letter `id`.
    #[must_use]
    pub fn get(&self, id: DeliveryId) -> Option<&DeadLetter> {
        self.letters.get(&id)
    }

    /// Notes what `event` made of `message`.
    pub(crate) fn note(&mut self, message: &MessageStatus, event: &DeliveryEvent) {
        let MessageStatus { id, at, .. } = *message;
        self.letters.remove(&id);
        let (Some(error), Some((reason, provider, attempts))) = (message.progress.dead(), last_word(event))
        else {
            return;
        };
        let letter = DeadLetter {
            id,
            company: message.company,
            recipient: message.recipient,
            intent: message.intent,
            channel: message.channel,
            kind: message.kind,
            error,
            reason: reason.to_owned(),
            provider: provider.map(str::to_owned),
            attempts,
            at,
            expires_at: message.expires_at,
        };
        self.letters.insert(id, letter);
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
            if self.letters.get(&id).is_some_and(|letter| letter.at == at) {
                self.letters.remove(&id);
            }
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

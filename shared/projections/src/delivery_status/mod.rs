//! What became of messages: of those that people wait for, and of all for whoever is asked about one.

mod filter;
mod message;

use std::collections::{BTreeMap, HashMap, VecDeque};

use twostep_domain::delivery::{Channel, DeliveryEvent, MessageKind, Urgency};
use twostep_domain::second_step::{Dispatch, During, SecondStepEvent};
use twostep_domain::{
    CompanyId, DecodeError, DeliveryId, Event as _, IntentId, MemberId, Method, StreamKind, Time,
};
use twostep_event_store::RecordedEvent;

pub use filter::MessageFilter;
pub use message::MessageStatus;

use crate::{DeadLetter, DeadLetters, Projection};

/// How many messages of all companies together are remembered; older ones are in the log.
const REMEMBERED: usize = 100_000;

/// The latest word on each message, by message and by what wanted it sent.
#[derive(Default, PartialEq)]
pub struct DeliveryStatus {
    messages: HashMap<DeliveryId, MessageStatus>,
    of_intent: HashMap<IntentId, DeliveryId>,
    /// By company and number.
    listed: BTreeMap<(CompanyId, u64), DeliveryId>,
    order: VecDeque<DeliveryId>,
    /// How many messages there ever were.
    counted: u64,
    /// One of each method, the latest last.
    sent: HashMap<(MemberId, During), Vec<Sent>>,
    waiting: VecDeque<(MemberId, During)>,
    dead: DeadLetters,
    /// The number of the latest message of a kind to a person by a channel.
    latest: HashMap<Purpose, u64>,
}

/// What a code or link is for: a newer one takes the place of the one before it.
type Purpose = (CompanyId, MemberId, MessageKind, Channel);

/// The latest code or link that somebody waits for in a sign-in or set-up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sent {
    /// The event that wanted it sent.
    pub intent: IntentId,
    /// By text or e-mail.
    pub method: Method,
    /// When.
    pub at: Time,
}

impl Projection for DeliveryStatus {
    const NAME: &'static str = "delivery status";

    fn apply(&mut self, recorded: &RecordedEvent) -> Result<(), DecodeError> {
        let envelope = &recorded.envelope;
        let Some(id) = envelope.key.uuid() else { return Ok(()) };
        match envelope.kind {
            StreamKind::Delivery => self.apply_delivery(DeliveryId(id), recorded),
            StreamKind::SecondStep => self.apply_second_step(MemberId(id), recorded),
            _ => Ok(()),
        }
    }
}

impl DeliveryStatus {
    fn apply_delivery(&mut self, id: DeliveryId, recorded: &RecordedEvent) -> Result<(), DecodeError> {
        let envelope = &recorded.envelope;
        let event = DeliveryEvent::decode(&envelope.event_type, envelope.version, &recorded.data)?;
        self.note(envelope.company, id, &event, envelope.recorded_at);
        Ok(())
    }

    fn note(&mut self, company: CompanyId, id: DeliveryId, event: &DeliveryEvent, at: Time) {
        if let DeliveryEvent::DeliveryRequested(request) = event {
            self.counted += 1;
            let message = MessageStatus::new(id, company, self.counted, request, at);
            self.of_intent.insert(request.intent, id);
            self.latest.insert(message.purpose(), self.counted);
            self.listed.insert((company, self.counted), id);
            self.messages.insert(id, message);
            self.order.push_back(id);
            self.forget_oldest();
        }
        // An outcome that comes after its message was forgotten is not kept: nothing would forget it again.
        let mut message = self.messages.get_mut(&id);
        if let Some(message) = &mut message {
            message.note(event, at);
        }
        self.dead.note(id, message.as_deref(), event, at);
    }

    fn apply_second_step(&mut self, member: MemberId, recorded: &RecordedEvent) -> Result<(), DecodeError> {
        let envelope = &recorded.envelope;
        let event = SecondStepEvent::decode(&envelope.event_type, envelope.version, &recorded.data)?;
        let Some((during, dispatch)) = asked(&event) else { return Ok(()) };
        let sent =
            Sent { intent: IntentId(envelope.id.0), method: dispatch.method, at: envelope.recorded_at };
        let known = self.sent.entry((member, during)).or_default();
        if known.is_empty() {
            self.waiting.push_back((member, during));
        }
        known.retain(|other| other.method != sent.method);
        known.push(sent);
        if self.waiting.len() > REMEMBERED
            && let Some(oldest) = self.waiting.pop_front()
        {
            self.sent.remove(&oldest);
        }
        Ok(())
    }

    /// The latest code or link of `member` in a sign-in or set-up.
    #[must_use]
    pub fn latest(&self, member: MemberId, during: During) -> Option<Sent> {
        self.sent.get(&(member, during))?.last().copied()
    }

    /// The latest code or link of `member` by `method` in a sign-in or set-up.
    #[must_use]
    pub fn latest_by(&self, member: MemberId, during: During, method: Method) -> Option<Sent> {
        self.sent.get(&(member, during))?.iter().find(|sent| sent.method == method).copied()
    }

    /// The message that `intent` became, where it is one message.
    #[must_use]
    pub fn of_intent(&self, intent: IntentId) -> Option<&MessageStatus> {
        self.messages.get(self.of_intent.get(&intent)?)
    }

    /// Whether the code or link in `letter` was replaced: a newer one of its kind went to the same person by the same channel.
    #[must_use]
    pub fn is_replaced(&self, letter: &DeadLetter) -> bool {
        let purpose = (letter.company, letter.recipient, letter.kind, letter.channel);
        let own = self.messages.get(&letter.id).map_or(0, |message| message.number);
        letter.kind.urgency() == Urgency::Urgent
            && self.latest.get(&purpose).is_some_and(|latest| *latest > own)
    }

    /// Those that ended badly.
    #[must_use]
    pub fn dead_letters(&self) -> &DeadLetters {
        &self.dead
    }

    /// The messages of `company` that fit `filter`, the latest first, from before the number `before` on.
    pub fn list(
        &self,
        company: CompanyId,
        before: Option<u64>,
        filter: &MessageFilter,
    ) -> impl Iterator<Item = &MessageStatus> {
        let numbers = (company, 0)..(company, before.unwrap_or(u64::MAX));
        let messages = self.listed.range(numbers).rev().filter_map(|(_, id)| self.messages.get(id));
        messages.filter(|message| filter.lets(message))
    }

    fn forget_oldest(&mut self) {
        while self.order.len() > REMEMBERED {
            let Some(oldest) = self.order.pop_front() else { return };
            let Some(message) = self.messages.remove(&oldest) else { continue };
            self.listed.remove(&(message.company, message.number));
            if self.latest.get(&message.purpose()) == Some(&message.number) {
                self.latest.remove(&message.purpose());
            }
            if self.of_intent.get(&message.intent) == Some(&oldest) {
                self.of_intent.remove(&message.intent);
            }
        }
    }
}

/// The code or link that `event` wants sent.
fn asked(event: &SecondStepEvent) -> Option<(During, &Dispatch)> {
    match event {
        SecondStepEvent::CodeRequested(event) => Some((event.during, &event.dispatch)),
        SecondStepEvent::CodeResent(event) => Some((event.during, &event.dispatch)),
        SecondStepEvent::EmailVerificationRequested(event) => {
            Some((During::SetUp(event.set_up), &event.dispatch))
        }
        SecondStepEvent::PhoneVerificationRequested(event) => {
            Some((During::SetUp(event.set_up), &event.dispatch))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests;

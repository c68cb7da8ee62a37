//! What became of the messages that people wait for.

use std::collections::{HashMap, VecDeque};

use twostep_domain::delivery::{Delivery, DeliveryEvent, DeliveryState, Progress};
use twostep_domain::second_step::{Dispatch, During, SecondStepEvent};
use twostep_domain::{
    Aggregate as _, DecodeError, DeliveryId, Event as _, IntentId, MemberId, Method, StreamKind, Time,
};
use twostep_event_store::RecordedEvent;

use crate::Projection;

/// How many messages are remembered; older ones are in the log.
const REMEMBERED: usize = 100_000;

/// The latest word on each message, by message and by what wanted it sent.
#[derive(Default)]
pub struct DeliveryStatus {
    messages: HashMap<DeliveryId, (DeliveryState, Time)>,
    of_intent: HashMap<IntentId, DeliveryId>,
    order: VecDeque<DeliveryId>,
    latest: HashMap<(MemberId, During), Sent>,
    waiting: VecDeque<(MemberId, During)>,
}

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

/// Where a message stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MessageStatus {
    /// Which message.
    pub id: DeliveryId,
    /// How far it is.
    pub progress: Progress,
    /// Since when.
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
        if let DeliveryEvent::DeliveryRequested(request) = &event {
            self.of_intent.insert(request.intent, id);
            self.order.push_back(id);
            self.forget_oldest();
        }
        let (state, at) =
            self.messages.entry(id).or_insert_with(|| (DeliveryState::default(), envelope.recorded_at));
        *state = Delivery::evolve(std::mem::take(state), &event);
        *at = envelope.recorded_at;
        Ok(())
    }

    fn apply_second_step(&mut self, member: MemberId, recorded: &RecordedEvent) -> Result<(), DecodeError> {
        let envelope = &recorded.envelope;
        let event = SecondStepEvent::decode(&envelope.event_type, envelope.version, &recorded.data)?;
        let Some((during, dispatch)) = asked(&event) else { return Ok(()) };
        let sent =
            Sent { intent: IntentId(envelope.id.0), method: dispatch.method, at: envelope.recorded_at };
        if self.latest.insert((member, during), sent).is_none() {
            self.waiting.push_back((member, during));
        }
        if self.waiting.len() > REMEMBERED
            && let Some(oldest) = self.waiting.pop_front()
        {
            self.latest.remove(&oldest);
        }
        Ok(())
    }

    /// The latest code or link of `member` in a sign-in or set-up.
    #[must_use]
    pub fn latest(&self, member: MemberId, during: During) -> Option<Sent> {
        self.latest.get(&(member, during)).copied()
    }

    /// The message that `intent` became, where it is one message.
    #[must_use]
    pub fn of_intent(&self, intent: IntentId) -> Option<MessageStatus> {
        let id = *self.of_intent.get(&intent)?;
        self.message(id)
    }

    /// The message `id`.
    #[must_use]
    pub fn message(&self, id: DeliveryId) -> Option<MessageStatus> {
        let (state, at) = self.messages.get(&id)?;
        match state {
            DeliveryState::Absent => None,
            DeliveryState::Known { progress, .. } => Some(MessageStatus { id, progress: *progress, at: *at }),
        }
    }

    fn forget_oldest(&mut self) {
        while self.order.len() > REMEMBERED {
            let Some(oldest) = self.order.pop_front() else { return };
            if let Some((DeliveryState::Known { request, .. }, _)) = self.messages.remove(&oldest)
                && self.of_intent.get(&request.intent) == Some(&oldest)
            {
                self.of_intent.remove(&request.intent);
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

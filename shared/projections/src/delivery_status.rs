//! What became of the messages that people wait for.

use std::collections::HashMap;

use twostep_domain::delivery::{Delivery, DeliveryEvent, DeliveryState, Progress};
use twostep_domain::{Aggregate as _, DecodeError, DeliveryId, Event as _, IntentId, StreamKind, Time};
use twostep_event_store::RecordedEvent;

use crate::Projection;

/// How many messages are remembered; older ones are in the log.
const REMEMBERED: usize = 100_000;

/// The latest word on each message, by message and by what wanted it sent.
#[derive(Default)]
pub struct DeliveryStatus {
    messages: HashMap<DeliveryId, (DeliveryState, Time)>,
    of_intent: HashMap<IntentId, DeliveryId>,
    order: std::collections::VecDeque<DeliveryId>,
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
        let (StreamKind::Delivery, Some(id)) = (envelope.kind, envelope.key.uuid()) else { return Ok(()) };
        let id = DeliveryId(id);
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
}

impl DeliveryStatus {
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

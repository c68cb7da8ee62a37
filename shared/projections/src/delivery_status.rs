//! What became of the messages that people wait for.

use std::collections::{HashMap, VecDeque};

use twostep_domain::delivery::{Delivery, DeliveryEvent, DeliveryState, Progress};
use twostep_domain::second_step::{Dispatch, During, SecondStepEvent};
use twostep_domain::{
    Aggregate as _, CompanyId, DecodeError, DeliveryId, Event as _, IntentId, MemberId, Method, StreamKind,
    Time,
};
use twostep_event_store::RecordedEvent;

use crate::{DeadLetters, Projection};

/// How many messages are remembered; older ones are in the log.
const REMEMBERED: usize = 100_000;

/// The latest word on each message, by message and by what wanted it sent.
#[derive(Default, PartialEq)]
pub struct DeliveryStatus {
    messages: HashMap<DeliveryId, (DeliveryState, Time)>,
    of_intent: HashMap<IntentId, DeliveryId>,
    order: VecDeque<DeliveryId>,
    /// One of each method, the latest last.
    sent: HashMap<(MemberId, During), Vec<Sent>>,
    waiting: VecDeque<(MemberId, During)>,
    dead: DeadLetters,
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
        self.note(id, envelope.company, &event, envelope.recorded_at);
        Ok(())
    }

    fn note(&mut self, id: DeliveryId, company: CompanyId, event: &DeliveryEvent, at: Time) {
        if let DeliveryEvent::DeliveryRequested(request) = event {
            self.of_intent.insert(request.intent, id);
            self.messages.insert(id, (DeliveryState::default(), at));
            self.order.push_back(id);
            self.forget_oldest();
        }
        // An outcome that comes after its message was forgotten is not kept: nothing would forget it again.
        let Some((state, since)) = self.messages.get_mut(&id) else { return };
        *state = Delivery::evolve(std::mem::take(state), event);
        *since = at;
        if let DeliveryState::Known { request, progress } = state {
            self.dead.note(id, company, request, *progress, event, at);
        }
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
    pub fn of_intent(&self, intent: IntentId) -> Option<MessageStatus> {
        let id = *self.of_intent.get(&intent)?;
        self.message(id)
    }

    /// Those that ended badly.
    #[must_use]
    pub fn dead_letters(&self) -> &DeadLetters {
        &self.dead
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

#[cfg(test)]
mod tests {
    use chrono::{DateTime, TimeDelta};
    use twostep_domain::Digest;
    use twostep_domain::delivery::{
        Channel, DeliveryDelivered, DeliveryRedriven, DeliveryRequested, DeliveryUnknown, MessageKind,
        Urgency,
    };
    use uuid::Uuid;

    use super::*;

    const AT: Time = DateTime::UNIX_EPOCH;
    const COMPANY: CompanyId = CompanyId(Uuid::nil());

    fn requested(number: usize) -> (DeliveryId, DeliveryEvent) {
        let request = DeliveryRequested {
            intent: IntentId(Uuid::from_u128(number as u128)),
            recipient: MemberId(Uuid::nil()),
            destination_hash: Digest::of(&[7; 32]),
            channel: Channel::Email,
            kind: MessageKind::Locked,
            urgency: Urgency::Notice,
            expires_at: AT,
        };
        (DeliveryId(Uuid::from_u128(number as u128)), request.into())
    }

    fn delivered() -> DeliveryEvent {
        DeliveryDelivered { provider: "p".to_owned() }.into()
    }

    fn lost() -> DeliveryEvent {
        let (provider, reason) = ("p".to_owned(), "timed out".to_owned());
        DeliveryUnknown { provider, reason, attempts: 2 }.into()
    }

    #[test]
    fn a_dead_letter_is_listed_while_it_is_dead_and_for_fourteen_days() {
        let mut status = DeliveryStatus::default();
        let mut note = |number, event: Option<DeliveryEvent>, days| {
            let (id, request) = requested(number);
            status.note(id, COMPANY, &event.unwrap_or(request), AT + TimeDelta::days(days));
            let all = status.dead_letters().all();
            all.iter()
                .map(|letter| (letter.id.0.as_u128(), letter.error, letter.attempts))
                .collect::<Vec<_>>()
        };
        let dead = |number| (number, "unknown", Some(2));
        assert_eq!(note(1, None, 0), []);
        assert_eq!(note(1, Some(lost()), 1), [dead(1)]);
        assert_eq!(note(1, Some(DeliveryRedriven { reason: String::new() }.into()), 2), []);
        assert_eq!(note(1, Some(lost()), 3), [dead(1)]);
        assert_eq!(note(2, None, 4), [dead(1)]);
        assert_eq!(note(2, Some(lost()), 16), [dead(2), dead(1)], "it ended anew on the third day");
        assert_eq!(note(3, None, 17), [dead(2), dead(1)]);
        assert_eq!(note(3, Some(lost()), 18), [dead(3), dead(2)]);
        assert_eq!(note(2, Some(delivered()), 19), [dead(3)], "it arrived after all");
    }

    #[test]
    fn an_outcome_of_a_forgotten_message_does_not_bring_it_back() {
        let mut status = DeliveryStatus::default();
        for number in 0..=REMEMBERED {
            let (id, event) = requested(number);
            status.note(id, COMPANY, &event, AT);
        }
        let (forgotten, (kept, _)) = (requested(0).0, requested(1));
        status.note(forgotten, COMPANY, &delivered(), AT);
        status.note(kept, COMPANY, &delivered(), AT);
        assert_eq!(status.message(kept).map(|message| message.progress), Some(Progress::Delivered));
        assert_eq!((status.messages.len(), status.of_intent.len()), (REMEMBERED, REMEMBERED));
    }
}

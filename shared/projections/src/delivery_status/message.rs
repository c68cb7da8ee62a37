//! What one message was, and where it stands.

use twostep_domain::delivery::{Channel, DeliveryEvent, DeliveryRequested, MessageKind, Progress};
use twostep_domain::{CompanyId, DeliveryId, IntentId, MemberId, Time};

/// What a message was, and where it stands; nothing of what it said, and not where it went.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MessageStatus {
    /// Which message.
    pub id: DeliveryId,
    /// Whose.
    pub company: CompanyId,
    /// Its number among all messages, from 1: the order in which they were asked for.
    pub number: u64,
    /// The event that wanted it sent.
    pub intent: IntentId,
    /// To whom.
    pub recipient: MemberId,
    /// By e-mail or text.
    pub channel: Channel,
    /// What it says.
    pub kind: MessageKind,
    /// When it was asked for.
    pub requested_at: Time,
    /// When it is of no more use.
    pub expires_at: Time,
    /// How far it is.
    pub progress: Progress,
    /// Since when.
    pub at: Time,
    /// Tries so far, as far as a worker said.
    pub attempts: u32,
    /// The provider that spoke last.
    pub provider: Option<String>,
    /// The provider's own id of it.
    pub provider_id: Option<String>,
    /// Why it isn't there yet, or won't be.
    pub reason: Option<String>,
}

impl MessageStatus {
    pub(super) fn new(
        id: DeliveryId,
        company: CompanyId,
        number: u64,
        request: &DeliveryRequested,
        at: Time,
    ) -> Self {
        Self {
            id,
            company,
            number,
            intent: request.intent,
            recipient: request.recipient,
            channel: request.channel,
            kind: request.kind,
            requested_at: at,
            expires_at: request.expires_at,
            progress: Progress::Requested,
            at,
            attempts: 0,
            provider: None,
            provider_id: None,
            reason: None,
        }
    }

    /// What it is for.
    pub(super) fn purpose(&self) -> super::Purpose {
        (self.company, self.recipient, self.kind, self.channel)
    }

    /// Takes in what happened to it.
    pub(super) fn note(&mut self, event: &DeliveryEvent, at: Time) {
        (self.progress, self.at) = (Progress::after(event), at);
        let (provider, reason, attempts) = match event {
            DeliveryEvent::DeliveryRequested(_) | DeliveryEvent::DeliveryRedriven(_) => (None, None, None),
            DeliveryEvent::DeliverySubmitted(event) => {
                self.provider_id.clone_from(&event.provider_id);
                (Some(&event.provider), None, Some(event.attempts))
            }
            DeliveryEvent::DeliveryRetried(event) => (None, Some(&event.reason), Some(event.attempts)),
            DeliveryEvent::DeliveryDelivered(event) => (Some(&event.provider), None, None),
            DeliveryEvent::DeliveryBounced(event) => (Some(&event.provider), Some(&event.reason), None),
            DeliveryEvent::DeliveryFailed(event) => (None, Some(&event.reason), Some(event.attempts)),
            DeliveryEvent::DeliveryExpired(event) => {
                self.attempts = event.attempts;
                // Why it wasn't sent in time is what the last try heard.
                return;
            }
            DeliveryEvent::DeliveryUnknown(event) => {
                (Some(&event.provider), Some(&event.reason), Some(event.attempts))
            }
        };
        self.provider = provider.cloned().or(self.provider.take());
        self.reason = reason.cloned();
        self.attempts = attempts.unwrap_or(self.attempts);
    }
}

//! Messages for tests.

use chrono::TimeDelta;
use twostep_clock::{Clock as _, SystemClock};
use twostep_delivery::{Request, SealedPayload};
use twostep_domain::delivery::{Channel, MessageKind};
use twostep_domain::{CompanyId, DeliveryId, IntentId};
use uuid::Uuid;

/// A sign-in code by e-mail under the name `label`.
pub(crate) fn code(label: &str) -> Request {
    let (seed, now) = (Uuid::nil(), SystemClock.now());
    Request {
        version: Request::VERSION,
        id: DeliveryId::derived(seed, label),
        company: CompanyId::derived(seed, "company"),
        intent: IntentId::derived(seed, label),
        channel: Channel::Email,
        kind: MessageKind::SignInCode,
        challenge: None,
        requested_at: now,
        expires_at: now + TimeDelta::minutes(10),
        round: 0,
        payload: SealedPayload { key_id: "k1".to_owned(), sealed: "c2VhbGVk".to_owned() },
    }
}

//! Messages for the cases.

use chrono::TimeDelta;
use twostep_domain::delivery::{Channel, MessageKind};
use twostep_domain::{ChallengeId, CompanyId, DeliveryId, IntentId};

use super::Harness;
use crate::{Message, QueueError, Request, SealedPayload};

/// A sign-in code by e-mail under the name `label`.
pub(super) fn code(harness: &dyn Harness, label: &str) -> Request {
    let (seed, now) = (harness.seed(), harness.now());
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

/// A notice by e-mail.
pub(super) fn notice(harness: &dyn Harness, label: &str) -> Request {
    Request { kind: MessageKind::Locked, ..code(harness, label) }
}

/// A code for the challenge `challenge`, asked for `later` seconds from now.
pub(super) fn code_for(harness: &dyn Harness, label: &str, challenge: &str, later: i64) -> Request {
    Request {
        challenge: Some(ChallengeId::derived(harness.seed(), challenge)),
        requested_at: harness.now() + TimeDelta::seconds(later),
        ..code(harness, label)
    }
}

/// The next message by e-mail.
pub(super) async fn next(harness: &dyn Harness) -> Result<Box<dyn Message>, QueueError> {
    harness.consumer().next(Channel::Email).await
}

/// Which message it is.
pub(super) fn id_of(message: &dyn Message) -> DeliveryId {
    Request::decode(message.bytes()).expect("the queue gives out what was published").id
}

/// Panics if a message comes by e-mail.
pub(super) async fn nothing_comes(harness: &dyn Harness) {
    let coming = tokio::time::timeout(harness.moment(), next(harness)).await;
    assert!(coming.is_err(), "a message came that should not have come");
}

//! What the relay remembers of a message.

use twostep_domain::delivery::Urgency;
use twostep_domain::{CompanyId, DeliveryId, IntentId, Time};

/// What is remembered for a while.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Remembered {
    Intent(IntentId),
    Message(DeliveryId),
}

/// How far a message is.
pub(super) struct Entry {
    pub(super) company: CompanyId,
    pub(super) intent: IntentId,
    pub(super) urgency: Urgency,
    pub(super) expires_at: Time,
    pub(super) open: bool,
    /// When the log says that it is tried again: the last word counts, also after a restart that reads all of them.
    pub(super) retry_at: Option<Time>,
    /// When it was last put into the queue, as far as this process knows.
    pub(super) published_at: Option<Time>,
    /// How often an operator wanted it sent once more.
    pub(super) redrives: u32,
}

impl Entry {
    /// Whether it takes a part of its company's share of the queue.
    pub(super) fn counts(&self) -> bool {
        self.open && self.urgency == Urgency::Notice && self.published_at.is_some()
    }
}

//! What the relay has to do: for an intent, for one of its messages, for the end of one.

use std::sync::Arc;

use chrono::Duration;
use twostep_domain::delivery::Urgency;
use twostep_domain::{CompanyId, DeliveryId, Time};

use super::REMEMBERED;
use super::intent::Intent;

/// The longest wait for something that keeps failing.
const LONGEST_PAUSE: Duration = Duration::seconds(60);

/// Something to do.
pub(super) enum Due {
    /// An intent's messages are to be made and published.
    Intent(Arc<Intent>),
    /// What was published of an intent and hasn't ended is published again: a queue may lose what it took.
    Doubt(Arc<Intent>),
    /// A message is to be published again.
    Message {
        /// Which.
        id: DeliveryId,
        /// Of what.
        intent: Arc<Intent>,
        /// The instant that its last retry named, or at which it was noted that it is to be sent once more.
        at: Time,
    },
    /// A message that nobody spoke of is of no more use.
    Expiry(DeliveryId, CompanyId),
}

/// Something to do, since when it is due, and how often it has failed.
pub(super) struct Task {
    pub(super) due: Due,
    pub(super) at: Time,
    pub(super) failures: u32,
}

/// What is worked off before what. An ending only writes down what the clock has told already, and waits for no queue.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Lane {
    Urgent,
    Ending,
    Notice,
}

impl Lane {
    pub(super) const ALL: [Self; 3] = [Self::Urgent, Self::Ending, Self::Notice];
}

impl Due {
    pub(super) fn lane(&self) -> Lane {
        match self {
            Self::Intent(intent) | Self::Doubt(intent) | Self::Message { intent, .. } => {
                match intent.kind().urgency() {
                    Urgency::Urgent => Lane::Urgent,
                    Urgency::Notice => Lane::Notice,
                }
            }
            Self::Expiry(..) => Lane::Ending,
        }
    }

    pub(super) fn is_for_queue(&self) -> bool {
        match self {
            Self::Intent(_) | Self::Message { .. } => true,
            Self::Doubt(_) | Self::Expiry(..) => false,
        }
    }

    /// Whether nothing is left to be done of it, not even to write its end down.
    pub(super) fn is_long_over(&self, now: Time) -> bool {
        matches!(self, Self::Intent(intent) if now >= intent.expires_at + REMEMBERED)
    }
}

/// How long to wait after so many failures: 1 s, 2 s, 4 s … a minute.
pub(super) fn pause(failures: u32) -> Duration {
    Duration::seconds(1 << failures.saturating_sub(1).min(6)).min(LONGEST_PAUSE)
}

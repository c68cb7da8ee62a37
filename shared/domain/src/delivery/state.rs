//! How far a message is.

use serde::{Deserialize, Serialize};

use super::{DeliveryEvent, DeliveryRequested, Failure};
use crate::Time;

/// How far a message is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum DeliveryState {
    /// Nobody asked for it.
    #[default]
    Absent,
    /// Asked for.
    Known {
        /// What was asked.
        request: DeliveryRequested,
        /// How far it is.
        progress: Progress,
        /// The provider that took it, or may have.
        taken_by: Option<String>,
        /// How often an operator wanted it sent once more.
        #[serde(default)]
        round: u32,
    },
}

/// The stages of a message; only an operator's redrive goes back to an earlier one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Progress {
    /// In the queue, or on its way there.
    Requested,
    /// A try failed; the next is due then.
    Retrying {
        /// When.
        next_at: Time,
    },
    /// A provider took it.
    Submitted,
    /// It may or may not have been taken.
    Unknown,
    /// It arrived.
    Delivered,
    /// It came back.
    Bounced,
    /// It will not be sent.
    Failed {
        /// Why not.
        because: Failure,
    },
    /// It was of no more use.
    Expired,
}

impl Progress {
    /// Every stage in one word.
    pub const WORDS: &'static [&'static str] =
        &["requested", "retrying", "submitted", "unknown", "delivered", "bounced", "failed", "expired"];

    /// Where a message stands after `event`.
    #[must_use]
    pub const fn after(event: &DeliveryEvent) -> Self {
        match event {
            DeliveryEvent::DeliveryRequested(_) | DeliveryEvent::DeliveryRedriven(_) => Self::Requested,
            DeliveryEvent::DeliveryRetried(retried) => Self::Retrying { next_at: retried.next_at },
            DeliveryEvent::DeliverySubmitted(_) => Self::Submitted,
            DeliveryEvent::DeliveryDelivered(_) => Self::Delivered,
            DeliveryEvent::DeliveryBounced(_) => Self::Bounced,
            DeliveryEvent::DeliveryFailed(failed) => Self::Failed { because: failed.because },
            DeliveryEvent::DeliveryExpired(_) => Self::Expired,
            DeliveryEvent::DeliveryUnknown(_) => Self::Unknown,
        }
    }

    /// The class of what went wrong, where the message is a dead letter: it ended badly, and sending it once more may help.
    /// What ended on purpose isn't one: another took its place, a limit on texts kept it back, nobody is left to get it.
    #[must_use]
    pub const fn dead(self) -> Option<&'static str> {
        match self {
            Self::Unknown => Some("unknown"),
            Self::Bounced => Some("bounced"),
            Self::Failed { because: Failure::Rejected } => Some("rejected"),
            Self::Failed { because: Failure::Configuration } => Some("configuration"),
            Self::Failed { because: Failure::Poison } => Some("poison"),
            Self::Failed { because: Failure::Budget | Failure::Superseded | Failure::Gone }
            | Self::Requested
            | Self::Retrying { .. }
            | Self::Submitted
            | Self::Delivered
            | Self::Expired => None,
        }
    }

    /// The stage in one word.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Requested => "requested",
            Self::Retrying { .. } => "retrying",
            Self::Submitted => "submitted",
            Self::Unknown => "unknown",
            Self::Delivered => "delivered",
            Self::Bounced => "bounced",
            Self::Failed { .. } => "failed",
            Self::Expired => "expired",
        }
    }
}

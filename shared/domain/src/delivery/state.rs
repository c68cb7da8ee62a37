//! How far a message is.

use serde::{Deserialize, Serialize};

use super::DeliveryRequested;
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
    },
}

/// The stages of a message; later ones never go back to earlier ones.
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
    Failed,
    /// It was of no more use.
    Expired,
}

impl Progress {
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
            Self::Failed => "failed",
            Self::Expired => "expired",
        }
    }
}

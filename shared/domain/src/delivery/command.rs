//! What can be recorded of a message.

use super::{Channel, DeliveryRequested, Failure};
use crate::Time;

/// A command on one message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DeliveryCommand {
    /// The relay made it.
    Request(DeliveryRequested),
    /// The relay itself knows what became of it.
    Record(Outcome),
    /// A worker or a provider says what became of it.
    Report {
        /// Which channel they serve: nobody speaks for another's messages.
        channel: Channel,
        /// How often an operator had wanted it sent once more when it came to them; none: they can't know.
        round: Option<u32>,
        /// What they say.
        outcome: Outcome,
    },
    /// An operator wants it sent once more.
    Redrive(Redrive),
}

/// A message that ended badly is to be sent once more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Redrive {
    /// Why; at most [`MAX_REASON`](crate::MAX_REASON) characters, not blank.
    pub reason: String,
    /// What time it is.
    pub now: Time,
}

/// What became of a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// A provider took it.
    Submitted {
        /// Which provider.
        provider: String,
        /// Its id of it.
        provider_id: Option<String>,
        /// Tries so far.
        attempts: u32,
    },
    /// A try failed, another follows.
    Retried {
        /// What was said.
        reason: String,
        /// When.
        next_at: Time,
        /// Tries so far.
        attempts: u32,
    },
    /// It arrived.
    Delivered {
        /// Which provider.
        provider: String,
    },
    /// It came back.
    Bounced {
        /// Which provider.
        provider: String,
        /// What was said.
        reason: String,
    },
    /// It will not be sent.
    Failed {
        /// The class of the reason.
        because: Failure,
        /// What was said.
        reason: String,
        /// Tries so far.
        attempts: u32,
    },
    /// It was of no more use before a provider took it.
    Expired {
        /// Tries so far.
        attempts: u32,
    },
    /// It may or may not have been taken.
    Unknown {
        /// Which provider.
        provider: String,
        /// What was lost.
        reason: String,
        /// Tries so far.
        attempts: u32,
    },
}

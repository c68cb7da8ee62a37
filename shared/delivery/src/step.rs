//! What one step of a worker did.

use twostep_domain::Time;
use twostep_domain::delivery::Failure;

use crate::Outcome;

/// What one step did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// A provider took it.
    Submitted,
    /// It was not taken and is due again then.
    Retrying {
        /// When.
        next_at: Time,
    },
    /// It will not be sent.
    Failed(Failure),
    /// It was of no more use.
    Expired,
    /// It may or may not have been taken.
    Unknown,
    /// Another worker has it: it was put back.
    Busy,
    /// It was decided before: the word was told again, and it was taken off the queue.
    Ended,
    /// The worker stops: it was put back.
    HandedBack,
}

impl From<&Outcome> for Step {
    fn from(outcome: &Outcome) -> Self {
        match outcome {
            Outcome::Submitted { .. } => Self::Submitted,
            Outcome::Retrying { next_at, .. } => Self::Retrying { next_at: *next_at },
            Outcome::Failed { because, .. } => Self::Failed(*because),
            Outcome::Expired => Self::Expired,
            Outcome::Unknown { .. } => Self::Unknown,
            // What a provider says later ends no step.
            Outcome::Delivered { .. } | Outcome::Bounced { .. } => Self::Ended,
        }
    }
}

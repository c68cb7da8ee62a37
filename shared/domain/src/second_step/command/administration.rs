//! What others do with a person's second step.

use crate::second_step::Unlocker;
use crate::{MemberId, Time};

/// See [`SecondStepCommand::ForceReset`](super::SecondStepCommand::ForceReset).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ForceReset {
    /// Why; may be empty.
    pub reason: String,
    /// When.
    pub now: Time,
}

/// See [`SecondStepCommand::RequestResets`](super::SecondStepCommand::RequestResets).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestResets {
    /// Whom.
    pub members: Vec<MemberId>,
}

/// See [`SecondStepCommand::Unlock`](super::SecondStepCommand::Unlock).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unlock {
    /// Who; an administrator is never the person themselves, which the caller has checked.
    pub by: Unlocker,
    /// When.
    pub now: Time,
}

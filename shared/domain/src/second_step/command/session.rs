//! What a session does.

use crate::second_step::{EndReason, Requirement};
use crate::{Digest, SessionId, Time};

/// See [`SecondStepCommand::TurnOff`](super::SecondStepCommand::TurnOff).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TurnOff {
    /// In which session.
    pub session: SessionId,
    /// The policy's word: covered people can't.
    pub requirement: Requirement,
    /// When.
    pub now: Time,
}

/// See [`SecondStepCommand::TouchSession`](super::SecondStepCommand::TouchSession).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TouchSession {
    /// Which.
    pub session: SessionId,
    /// When.
    pub now: Time,
}

/// See [`SecondStepCommand::EndSession`](super::SecondStepCommand::EndSession).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EndSession {
    /// Which.
    pub session: SessionId,
    /// Why.
    pub because: EndReason,
    /// When.
    pub now: Time,
}

/// See [`SecondStepCommand::AuthorisePasswordChange`](super::SecondStepCommand::AuthorisePasswordChange).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuthorisePasswordChange {
    /// In which session; none: through a reset link, which never removes or replaces a method.
    pub session: Option<SessionId>,
    /// The mailbox that reset the password, where one did.
    pub reset_by: Option<Digest>,
    /// The policy's word.
    pub requirement: Requirement,
    /// When.
    pub now: Time,
}

//! A person's second step: methods, set-up, challenges, limits, lock and sessions, in one stream.
//!
//! Everything that one guess, one code or one click can change lives here, so that every limit is one append.
//! What other streams know (the policy, the roles, the group) arrives on the command as a [`Requirement`].

mod command;
mod decide;
mod error;
mod event;
mod judgement;
pub mod life;
mod outline;
mod prospect;
mod state;
mod value;

#[cfg(test)]
mod tests;

pub use command::*;
pub use error::SecondStepError;
pub use event::*;
pub use judgement::{JudgedGroup, Judgement, Requirement};
pub use outline::{Enrolled, Outline};
pub use prospect::Prospect;
pub use state::{
    AppStep, Authenticator, Challenge, ContactStep, Enrolment, Failures, LinkProgress, Methods,
    PendingSignIn, PrintedCodes, Proof, SecondStepState, Session, SessionOver, SessionProof, SessionStanding,
    SetUp, Stage, VerifiedContact, WorkAddress,
};
pub use value::{Amr, Dispatch, During, EndReason, MailedLink, Purpose, SetUpOwner, Typed, Unlocker};

use crate::{Aggregate, StreamKind};

/// The aggregate of a person's second step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SecondStep {}

impl Aggregate for SecondStep {
    const KIND: StreamKind = StreamKind::SecondStep;
    type State = SecondStepState;
    type Command = SecondStepCommand;
    type Event = SecondStepEvent;
    type Error = SecondStepError;

    fn evolve(state: SecondStepState, event: &SecondStepEvent) -> SecondStepState {
        state::evolve(state, event)
    }

    fn decide(
        state: &SecondStepState,
        command: SecondStepCommand,
    ) -> Result<Vec<SecondStepEvent>, SecondStepError> {
        decide::decide(state, command)
    }

    fn unchanged() -> Option<SecondStepEvent> {
        Some(crate::RequestAnswered {}.into())
    }
}

//! Sessions: noting use, ending, turning two-step verification off.

use twostep_clock::Time;
use twostep_domain::second_step::{
    EndReason, EndSession, SecondStep, SecondStepCommand, SecondStepError, TouchSession, TurnOff,
};
use twostep_domain::{Aggregate as _, SessionId};
use twostep_event_store::Metadata;

use crate::context::second_step;
use crate::fault::faults;
use crate::{Commands, Fault, Fold, SessionCaller};

/// Why a session's command is refused.
#[derive(Debug, thiserror::Error)]
pub enum SessionError {
    /// The rules.
    #[error(transparent)]
    Refused(SecondStepError),
    /// A part is not there.
    #[error(transparent)]
    Fault(Fault),
}

faults!(SessionError);

impl Commands {
    /// Notes that the session is in use; at most once in 10 min.
    ///
    /// # Errors
    /// [`SessionError`].
    pub async fn touch_session(
        &self,
        caller: &SessionCaller,
        metadata: &Metadata,
    ) -> Result<(), SessionError> {
        let session = caller.session.id;
        let touch = |now| SecondStepCommand::TouchSession(TouchSession { session, now });
        // Most requests have nothing to note: they don't wait for the stream.
        let noted = SecondStep::decide(caller.fold.state(), touch(self.now()));
        if noted.is_ok_and(|events| events.is_empty()) {
            return Ok(());
        }
        self.decide_session(caller, metadata, touch).await
    }

    /// Ends a session of the caller: this one or another.
    ///
    /// # Errors
    /// [`SessionError`].
    pub async fn end_session(
        &self,
        caller: &SessionCaller,
        session: SessionId,
        metadata: &Metadata,
    ) -> Result<(), SessionError> {
        let because = if session == caller.session.id { EndReason::SignedOut } else { EndReason::Revoked };
        let end = |now| SecondStepCommand::EndSession(EndSession { session, because, now });
        self.decide_session(caller, metadata, end).await
    }

    /// The owner turns two-step verification off.
    ///
    /// # Errors
    /// [`SessionError`].
    pub async fn turn_off(&self, caller: &SessionCaller, metadata: &Metadata) -> Result<(), SessionError> {
        let session = caller.session.id;
        let off = |now| {
            let requirement = caller.requirement.clone();
            SecondStepCommand::TurnOff(TurnOff { session, requirement, now })
        };
        self.decide_session(caller, metadata, off).await
    }

    /// Decides `command` at the time when its turn has come: others may have been faster, and what they did lies before it.
    async fn decide_session(
        &self,
        caller: &SessionCaller,
        metadata: &Metadata,
        command: impl Fn(Time) -> SecondStepCommand + Send,
    ) -> Result<(), SessionError> {
        let stream = second_step(caller.principal.company, caller.principal.member);
        self.ledger
            .execute(&stream, metadata, move |fold: &Fold<SecondStep>| {
                SecondStep::decide(fold.state(), command(self.now()))
            })
            .await
            .map_err(|error| error.refused_as(SessionError::Refused))?;
        Ok(())
    }
}

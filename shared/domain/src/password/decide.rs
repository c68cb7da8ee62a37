//! What a command causes in a login's first step.

use super::{
    FirstStepError, PasswordCommand, PasswordDelayed, PasswordEvent, PasswordState, RecordDelay, delay_after,
};
use crate::{Aggregate, StreamKind};

/// The aggregate over the stream of a login's first step.
#[derive(Clone, Copy, Debug)]
pub struct FirstStep;

type Decision = Result<Vec<PasswordEvent>, FirstStepError>;

impl Aggregate for FirstStep {
    const KIND: StreamKind = StreamKind::Password;
    type State = PasswordState;
    type Command = PasswordCommand;
    type Event = PasswordEvent;
    type Error = FirstStepError;

    fn evolve(state: PasswordState, event: &PasswordEvent) -> PasswordState {
        state.after(event)
    }

    fn decide(state: &PasswordState, command: PasswordCommand) -> Decision {
        match command {
            PasswordCommand::RecordDelay(command) => record_delay(*state, &command),
        }
    }
}

/// Replicas count side by side: only the delay that reaches furthest is worth an event.
fn record_delay(state: PasswordState, command: &RecordDelay) -> Decision {
    if delay_after(command.failures).is_none() {
        return Err(FirstStepError::NoDelay { failures: command.failures });
    }
    match state {
        PasswordState::Delayed { until, .. } if command.until <= until => Ok(vec![]),
        PasswordState::Delayed { .. } | PasswordState::Undelayed => {
            Ok(vec![PasswordDelayed { failures: command.failures, until: command.until }.into()])
        }
    }
}

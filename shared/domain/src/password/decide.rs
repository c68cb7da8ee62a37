//! What a command causes in a login's first step.

use chrono::TimeDelta;

use super::{
    FirstStepError, PasswordCommand, PasswordDelayed, PasswordEvent, PasswordState, RecordDelay, delay_after,
};
use crate::{Aggregate, StreamKind};

/// How long nothing more is told of the same number of failures.
const CAP: TimeDelta = TimeDelta::hours(1);

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
            PasswordCommand::RecordDelay(command) => record_delay(state, &command),
        }
    }
}

/// A threshold is worth one event an hour (S12): right passwords in between begin new runs, and replicas count side by side.
fn record_delay(state: &PasswordState, command: &RecordDelay) -> Decision {
    if delay_after(command.failures).is_none() {
        return Err(FirstStepError::NoDelay { failures: command.failures });
    }
    if state.recorded(command.failures).is_some_and(|until| command.until < until + CAP) {
        return Ok(vec![]);
    }
    Ok(vec![PasswordDelayed { failures: command.failures, until: command.until }.into()])
}

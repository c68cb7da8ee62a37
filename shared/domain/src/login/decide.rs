//! What a command causes in a login.

use super::{Claim, LoginClaimed, LoginCommand, LoginError, LoginEvent, LoginReleased, LoginState, Release};
use crate::{Aggregate, StreamKind};

/// The aggregate over a login's stream.
#[derive(Clone, Copy, Debug)]
pub struct Login;

impl Aggregate for Login {
    const KIND: StreamKind = StreamKind::Login;
    type State = LoginState;
    type Command = LoginCommand;
    type Event = LoginEvent;
    type Error = LoginError;

    fn evolve(state: LoginState, event: &LoginEvent) -> LoginState {
        state.after(event)
    }

    fn decide(state: &LoginState, command: LoginCommand) -> Result<Vec<LoginEvent>, LoginError> {
        match command {
            LoginCommand::Claim(command) => claim(*state, &command),
            LoginCommand::Release(command) => Ok(release(*state, &command)),
        }
    }
}

fn claim(state: LoginState, command: &Claim) -> Result<Vec<LoginEvent>, LoginError> {
    let claimed = LoginClaimed { member: command.member }.into();
    match state {
        LoginState::Free => Ok(vec![claimed]),
        LoginState::Held(holder) if holder == command.member => Ok(vec![]),
        LoginState::Held(holder) if command.orphaned == Some(holder) => {
            Ok(vec![LoginReleased { member: holder }.into(), claimed])
        }
        LoginState::Held(_) => Err(LoginError::Taken),
    }
}

fn release(state: LoginState, command: &Release) -> Vec<LoginEvent> {
    match state {
        LoginState::Held(holder) if holder == command.member => {
            vec![LoginReleased { member: holder }.into()]
        }
        // Somebody who doesn't hold it has nothing to give back, and mustn't take it from who does.
        LoginState::Held(_) | LoginState::Free => vec![],
    }
}

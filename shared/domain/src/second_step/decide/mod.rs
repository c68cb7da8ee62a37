//! What each command causes: one file per group of commands.

mod activate;
mod codes;
mod contacts;
mod links;
mod owner;
mod recovery_codes;
mod rejection;
mod reset;
mod session;
mod set_up;
mod sign_in;
mod verify;

use super::{
    SecondStepCommand as Command, SecondStepError as Error, SecondStepEvent as Event,
    SecondStepState as State,
};

/// The events that `command` causes, or the rule that refuses it.
pub(super) fn decide(state: &State, command: Command) -> Result<Vec<Event>, Error> {
    match command {
        Command::StartSignIn(c) => sign_in::start(state, c),
        Command::RequestCode(c) => codes::request(state, c),
        Command::Verify(c) => verify::verify(state, c),
        Command::StartSetUp(c) => set_up::start(state, c),
        Command::PairAuthenticator(c) => set_up::pair(state, c),
        Command::ConfirmAuthenticator(c) => set_up::confirm(state, c),
        Command::RequestContactVerification(c) => contacts::request(state, c),
        Command::ConfirmContact(c) => contacts::confirm(state, c),
        Command::OpenVerificationLink(c) => links::open(state, c),
        Command::IssueRecoveryCodes(c) => recovery_codes::issue(state, c),
        Command::Activate(c) => activate::activate(state, c),
        Command::TurnOff(c) => reset::turn_off(state, c),
        Command::ForceReset(c) => Ok(reset::force(state, c)),
        Command::RequestResets(c) => Ok(reset::request(c)),
        Command::Unlock(c) => Ok(reset::unlock(state, c)),
        Command::TouchSession(c) => session::touch(state, c),
        Command::EndSession(c) => Ok(session::end(state, &c)),
        Command::AuthorisePasswordChange(c) => session::authorise_password_change(state, c),
    }
}

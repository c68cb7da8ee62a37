//! A login name: unique in its company, without a read model.

mod command;
mod decide;
mod error;
mod event;
mod state;
#[cfg(test)]
mod tests;

pub use command::{Claim, LoginCommand, Release};
pub use decide::Login;
pub use error::LoginError;
pub use event::{LoginClaimed, LoginEvent, LoginReleased};
pub use state::LoginState;

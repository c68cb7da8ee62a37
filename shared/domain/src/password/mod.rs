//! The first step of a login: how wrong passwords are slowed down.

mod command;
mod decide;
mod delay;
mod error;
mod event;
mod state;
#[cfg(test)]
mod tests;

pub use command::{PasswordCommand, RecordDelay};
pub use decide::FirstStep;
pub use delay::delay_after;
pub use error::FirstStepError;
pub use event::{PasswordDelayed, PasswordEvent};
pub use state::PasswordState;

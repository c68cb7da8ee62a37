//! What can be asked of a login's first step.

use crate::Time;

/// A command on a first step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PasswordCommand {
    /// A wrong password made the next try wait.
    RecordDelay(RecordDelay),
}

/// See [`PasswordCommand::RecordDelay`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordDelay {
    /// Failures in a row, as the limiter counts them.
    pub failures: u32,
    /// When the next try is heard: now and [`delay_after`](super::delay_after) those failures.
    pub until: Time,
}

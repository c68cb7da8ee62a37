//! Why a command on a first step is refused.

/// The rule that refuses a command.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FirstStepError {
    /// So few failures make nobody wait.
    #[error("{failures} wrong passwords make nobody wait")]
    NoDelay {
        /// Failures in a row.
        failures: u32,
    },
}

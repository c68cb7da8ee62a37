//! Why a command on a login is refused.

/// The rule that refuses a command.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LoginError {
    /// Somebody else holds the name.
    #[error("this login name is taken")]
    Taken,
}

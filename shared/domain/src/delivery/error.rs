//! Why a message's command is refused.

/// Why a message's command is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DeliveryError {
    /// An outcome of a message that nobody asked for.
    #[error("no such message was requested")]
    NotRequested,
}

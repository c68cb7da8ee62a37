//! Why a message's command is refused.

use crate::Time;

/// Why a message's command is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DeliveryError {
    /// An outcome of a message that nobody asked for.
    #[error("no such message was requested")]
    NotRequested,
    /// An outcome told by whoever serves another channel.
    #[error("the message goes by another channel than the one that speaks of it")]
    OtherChannel,
    /// A message that is under way, arrived, or ended on purpose.
    #[error("the message is no dead letter: it is {0}")]
    NotDead(&'static str),
    /// A code that died, or another message whose time is over: it would be of no use to anybody.
    #[error("the message is of no more use since {0}: whatever was in it has died")]
    Expired(Time),
    /// No reason, or more than [`MAX_REASON`](crate::MAX_REASON) characters.
    #[error("say why in 1 to {max} characters", max = crate::MAX_REASON)]
    Reason,
}

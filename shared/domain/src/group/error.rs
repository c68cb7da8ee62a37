//! Why a command on a group is refused.

/// The rule that refuses a command.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum GroupError {
    /// The group exists already.
    #[error("this group exists already")]
    AlreadyCreated,
    /// There is no such group.
    #[error("there is no such group")]
    NoSuchGroup,
    /// Everything is as the command wants it.
    #[error("nothing would change")]
    Unchanged,
    /// More than [`MAX_REASON`](crate::MAX_REASON) characters.
    #[error("the reason has more than {max} characters", max = crate::MAX_REASON)]
    ReasonTooLong,
    /// The group would lie in itself.
    #[error("a group can't lie in itself or in a group below it")]
    Cycle,
    /// A Master Admin locked this group's box.
    #[error("a Master Admin locked this setting")]
    Locked,
    /// A Master Admin locked a group above together with its subgroups.
    #[error("a Master Admin locked this setting in a group above")]
    LockedAbove,
}

//! Why a command on a member is refused.

use super::MemberEvent;

/// What a command causes, or why it is refused.
pub(super) type Decision = Result<Vec<MemberEvent>, MemberError>;

/// The rule that refuses a command.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MemberError {
    /// The person is a member already.
    #[error("this person is a member already")]
    AlreadyMember,
    /// There is no such person, or their data was erased.
    #[error("there is no such person")]
    NoSuchMember,
    /// Everything is as the command wants it.
    #[error("nothing would change")]
    Unchanged,
    /// More than [`MAX_REASON`](crate::MAX_REASON) characters.
    #[error("the reason has more than {max} characters", max = crate::MAX_REASON)]
    ReasonTooLong,
    /// A person needs a role.
    #[error("a person needs at least one role")]
    NoRole,
    /// Only technicians are in technician groups.
    #[error("only a technician can be in a technician group")]
    NotTechnician,
    /// The person is disabled.
    #[error("this person is disabled")]
    Disabled,
    /// An invitation is for people who never had a password.
    #[error("this person has a password: reset it instead")]
    HasPassword,
    /// There is no password that could be changed or reset.
    #[error("this person has no password yet")]
    NoPassword,
    /// The old password was compared, and changed since.
    #[error("the password was changed meanwhile: start again with the one that is in force")]
    OtherPassword,
    /// The person was mailed as many reset links as a day has, and the last of them lives.
    #[error("this person was mailed {max} reset links within a day: the last one still works", max = super::RESETS_A_DAY)]
    TooManyResets,
    /// The link was used, replaced, or belongs to something else.
    #[error("this link was used or replaced: take the latest one, or ask for another")]
    LinkDead,
    /// The link's time is over.
    #[error("this link has expired: ask for another")]
    LinkExpired,
}

//! Why a command on a company is refused.

use super::CompanyEvent;
use crate::reason::reason_fits;
use crate::says_something;

/// What a command causes, or why it is refused.
pub(super) type Decision = Result<Vec<CompanyEvent>, CompanyError>;

/// The rule that refuses a command.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CompanyError {
    /// The slug is taken.
    #[error("a company with this short name exists")]
    AlreadyRegistered,
    /// There is no such company.
    #[error("there is no such company")]
    NotRegistered,
    /// Everything is as the command wants it.
    #[error("nothing would change")]
    Unchanged,
    /// More than [`MAX_REASON`](crate::MAX_REASON) characters.
    #[error("the reason has more than {max} characters", max = crate::MAX_REASON)]
    ReasonTooLong,
    /// The life of codes is out of bounds.
    #[error("codes live 60 to 600 seconds, not {seconds}")]
    CodeLife {
        /// What was asked for.
        seconds: u64,
    },
    /// Nothing but the primary would be allowed as backup.
    #[error("at least one backup other than the primary method must be allowed")]
    NoBackup,
    /// The policy's primary would be texts that reach nobody (S14).
    #[error("text messages can't be the primary method while no country is allowed")]
    PrimaryReachesNobody,
    /// A backup would be texts that reach nobody (S14).
    #[error("text messages can't be a backup while no country is allowed")]
    BackupReachesNobody,
    /// The policy in force relies on texts (S14).
    #[error("the policy uses text messages: they need a country")]
    NoSmsCountry,
    /// Only the change in force can be taken back.
    #[error("this change can't be taken back: another one was saved since, or there is no such change")]
    NotTheLatestChange {
        /// The change that can be taken back.
        latest: Option<u64>,
    },
    /// The command calls itself an undo, and asks for more or less than what was before.
    #[error("taking a change back brings exactly the former policy and neither resets nor turns off anybody")]
    NotAnUndo,
    /// The Master Account Holder can't be demoted, disabled or erased (S22).
    #[error("the Master Account Holder can't be removed: transfer the account first")]
    AccountHolder,
    /// No Master Admin able to sign in would be left.
    #[error("no Master Admin who is able to sign in would be left")]
    NobodyLeft,
    /// Only a Master Admin can hold the account.
    #[error("only a Master Admin can become the Master Account Holder")]
    NotMasterAdmin,
    /// Neither an emergency nor a policy nor an unmasking is recorded without its reason.
    #[error("say why: the reason is kept in the history, which Master Admins and auditors read")]
    ReasonMissing,
    /// Others are helped by their Master Admins.
    #[error(
        "break-glass lets Master Admins in, and this person is none: a Master Admin can reset or invite them"
    )]
    GlassForMasterAdmins,
    /// The account name would break the label in authenticator apps (S3).
    #[error("the account's name can't have a colon")]
    ColonInAccountName,
}

/// What others are to judge is recorded with its reason.
pub(super) fn check_reason(reason: &str) -> Result<(), CompanyError> {
    if !says_something(reason) {
        return Err(CompanyError::ReasonMissing);
    }
    if reason_fits(reason) { Ok(()) } else { Err(CompanyError::ReasonTooLong) }
}

//! What administrators' use cases have in common: who may, and why not.

use tokio::sync::RwLockReadGuard;
use twostep_domain::{CompanyId, InvalidName, Name, Role};
use twostep_event_store::Revision;
use twostep_projections::Directory;

use crate::{Authority, Commands, Fault, LedgerError, SessionCaller};

/// Why an administrator's command is not carried out; `E` is the rule's own refusal.
#[derive(Debug, thiserror::Error)]
pub enum ManageError<E> {
    /// There is no such thing in the caller's company.
    #[error("there is no such thing")]
    NotFound,
    /// The caller may not.
    #[error("not with this role")]
    Forbidden,
    /// Nobody does this to themselves; somebody else's administrator could.
    #[error("not to the own account")]
    OwnAccount,
    /// The caller's last proof is too old for a write (S18).
    #[error("prove your second step again")]
    StepUpRequired,
    /// The caller saw an older revision.
    #[error("somebody changed it meanwhile")]
    Stale {
        /// The revision now.
        current: Option<Revision>,
    },
    /// A field can't be used.
    #[error("{field}: {message}")]
    Field {
        /// Which.
        field: &'static str,
        /// What is wrong with it.
        message: String,
    },
    /// The rules.
    #[error("refused")]
    Refused(E),
    /// A part is not there.
    #[error(transparent)]
    Fault(#[from] Fault),
}

impl<E> ManageError<E> {
    /// The same where the rule is part of another one's.
    pub(crate) fn ruled_by<Wider: From<E>>(self) -> ManageError<Wider> {
        match self {
            Self::NotFound => ManageError::NotFound,
            Self::Forbidden => ManageError::Forbidden,
            Self::OwnAccount => ManageError::OwnAccount,
            Self::StepUpRequired => ManageError::StepUpRequired,
            Self::Stale { current } => ManageError::Stale { current },
            Self::Field { field, message } => ManageError::Field { field, message },
            Self::Refused(refusal) => ManageError::Refused(refusal.into()),
            Self::Fault(fault) => ManageError::Fault(fault),
        }
    }
}

impl<E> From<LedgerError> for ManageError<E> {
    fn from(error: LedgerError) -> Self {
        Self::Fault(error.into())
    }
}

impl Commands {
    /// The directory as of now, once it is sure that `caller` has `authority` in `company` and a fresh enough proof to write.
    /// What they don't see isn't there for them: the answer doesn't tell whether there is such an id (S22).
    pub(crate) async fn authorise<E>(
        &self,
        caller: &SessionCaller,
        company: CompanyId,
        authority: Authority,
    ) -> Result<RwLockReadGuard<'_, Directory>, ManageError<E>> {
        if caller.principal.company != company {
            return Err(ManageError::NotFound);
        }
        let directory = self.checks.fenced(company).await.map_err(Fault::from)?;
        let view = directory.company(company).ok_or(ManageError::NotFound)?;
        match authority {
            Authority::Group(group) if !caller.principal.sees_group(group, view) => {
                return Err(ManageError::NotFound);
            }
            Authority::Person(member) if !caller.principal.sees_member(member, view) => {
                return Err(ManageError::NotFound);
            }
            _ => {}
        }
        if !caller.principal.has(authority, view) {
            let own = authority == Authority::Person(caller.principal.member);
            if own && (caller.principal.is_master_admin() || caller.principal.roles.has(Role::Admin)) {
                return Err(ManageError::OwnAccount);
            }
            return Err(ManageError::Forbidden);
        }
        if !caller.may_write(self.now()) {
            return Err(ManageError::StepUpRequired);
        }
        Ok(directory)
    }
}

/// Whether the stream is where the caller saw it.
pub(crate) fn unmoved<E>(expected: Revision, current: Option<Revision>) -> Result<(), ManageError<E>> {
    if current == Some(expected) { Ok(()) } else { Err(ManageError::Stale { current }) }
}

/// Whether a name is the one in force, or fit to be a new one: what was recorded before as much was asked stays, and whatever
/// else is beside it can be changed.
pub(crate) fn fit_or_kept<E>(
    field: &'static str,
    name: &Name,
    recorded: Option<&Name>,
) -> Result<(), ManageError<E>> {
    if recorded == Some(name) {
        return Ok(());
    }
    let unfit = |error: InvalidName| ManageError::Field { field, message: error.to_string() };
    Name::parse(name.as_str()).map(drop).map_err(unfit)
}

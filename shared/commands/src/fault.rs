//! What can go wrong outside the rules: the answer is "not now", never "yes" (S30).

use tokio::task::JoinError;
use twostep_projections::{Behind, LoginCheckError};
use twostep_vault::{DeriveError, OpenError, VaultError};

use crate::LedgerError;

/// A part that a use case needs is not there.
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    /// The log.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    /// The policy as of now.
    #[error(transparent)]
    LoginCheck(#[from] LoginCheckError),
    /// A read model.
    #[error(transparent)]
    Behind(#[from] Behind),
    /// A key.
    #[error(transparent)]
    Vault(#[from] VaultError),
    /// A sealed field doesn't open.
    #[error("a sealed field can't be opened")]
    Open(#[from] OpenError),
    /// A code or link can't be derived.
    #[error("a code or link can't be derived")]
    Derive(#[from] DeriveError),
    /// Hashing a password.
    #[error(transparent)]
    Hashing(#[from] twostep_vault::HashingError),
    /// Work on a thread of its own.
    #[error("work on a thread of its own broke off")]
    BrokeOff(#[from] JoinError),
}

/// Gives an error enum with a `Fault` variant the conversions from every part.
macro_rules! faults {
    ($error:ident) => {
        impl<T> From<T> for $error
        where
            $crate::Fault: From<T>,
        {
            fn from(fault: T) -> Self {
                Self::Fault(fault.into())
            }
        }
    };
}

pub(crate) use faults;

//! Administrators' refusals.

use twostep_api::ProblemType as Type;
use twostep_commands::{ManageError, MemberRefusal};
use twostep_domain::company::CompanyError;
use twostep_domain::group::GroupError;
use twostep_domain::member::MemberError;
use twostep_domain::second_step::SecondStepError;

use super::Refused;

/// A rule's refusal as a kind of problem.
pub(super) trait RuleRefusal: std::fmt::Display {
    /// Its kind.
    fn kind(&self) -> Type;
}

impl<E: RuleRefusal> From<ManageError<E>> for Refused {
    fn from(error: ManageError<E>) -> Self {
        match error {
            ManageError::NotFound => Self::not_found(),
            ManageError::Forbidden => Self::new(Type::Forbidden, "your role doesn't allow this"),
            ManageError::StepUpRequired => Self::new(
                Type::StepUpRequired,
                "your last proof of the second step is too old for this: POST /api/v1/sessions/current/step-ups",
            ),
            ManageError::Stale { current } => Self::new(
                Type::StaleRevision,
                match current {
                    Some(revision) => format!(
                        "it is at revision {} now: GET it again, look what changed, and send your change with the new ETag",
                        revision.0
                    ),
                    None => "it is gone: GET the list again".to_owned(),
                },
            ),
            ManageError::Field { field, message } => Self::field(field, message),
            ManageError::Refused(refusal) => Self::new(refusal.kind(), refusal.to_string()),
            ManageError::Fault(fault) => fault.into(),
        }
    }
}

impl RuleRefusal for CompanyError {
    fn kind(&self) -> Type {
        match self {
            Self::AlreadyRegistered
            | Self::NotRegistered
            | Self::NotTheLatestChange { .. }
            | Self::AccountHolder
            | Self::NotMasterAdmin => Type::Conflict,
            Self::Unchanged => Type::NothingChanged,
            Self::GlassForMasterAdmins => Type::Forbidden,
            Self::ReasonTooLong
            | Self::ReasonMissing
            | Self::CodeLife { .. }
            | Self::NoBackup
            | Self::NoSmsCountry
            | Self::NotAnUndo
            | Self::ColonInAccountName => Type::InvalidFields,
            Self::NobodyLeft => Type::WouldLockOut,
        }
    }
}

impl RuleRefusal for GroupError {
    fn kind(&self) -> Type {
        match self {
            Self::NoSuchGroup => Type::NotFound,
            Self::Unchanged => Type::NothingChanged,
            Self::ReasonTooLong | Self::Cycle => Type::InvalidFields,
            Self::Locked | Self::LockedAbove => Type::Forbidden,
            Self::AlreadyCreated => Type::Conflict,
        }
    }
}

impl RuleRefusal for MemberRefusal {
    fn kind(&self) -> Type {
        match self {
            Self::Roster(refusal) => refusal.kind(),
            Self::LoginTaken => Type::LoginTaken,
            Self::Member(refusal) => match refusal {
                MemberError::NoSuchMember => Type::NotFound,
                MemberError::Unchanged => Type::NothingChanged,
                MemberError::ReasonTooLong | MemberError::NoRole | MemberError::NotTechnician => {
                    Type::InvalidFields
                }
                MemberError::LinkDead | MemberError::LinkExpired => Type::LinkDead,
                MemberError::AlreadyMember
                | MemberError::Disabled
                | MemberError::HasPassword
                | MemberError::NoPassword
                | MemberError::OtherPassword
                | MemberError::TooManyResets => Type::Conflict,
            },
        }
    }
}

impl RuleRefusal for SecondStepError {
    fn kind(&self) -> Type {
        Refused::from(self.clone()).0.kind
    }
}

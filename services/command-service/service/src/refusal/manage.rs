//! Administrators' refusals.

use twostep_api::ProblemType as Type;
use twostep_commands::{ManageError, MemberRefusal};
use twostep_domain::company::CompanyError;
use twostep_domain::group::GroupError;
use twostep_domain::member::MemberError;
use twostep_domain::second_step::SecondStepError;

use super::Refused;

/// What a rule's refusal is about.
pub(super) enum About {
    /// A field of the request.
    Field(&'static str),
    /// Something else.
    Kind(Type),
}

impl From<Type> for About {
    fn from(kind: Type) -> Self {
        Self::Kind(kind)
    }
}

/// A rule's refusal as a problem.
pub(super) trait RuleRefusal: std::fmt::Display {
    /// What it is about.
    fn about(&self) -> About;
}

fn ruled(refusal: &impl RuleRefusal) -> Refused {
    match refusal.about() {
        About::Field(field) => Refused::field(field, refusal),
        About::Kind(kind) => Refused::new(kind, refusal.to_string()),
    }
}

impl<E: RuleRefusal> From<ManageError<E>> for Refused {
    fn from(error: ManageError<E>) -> Self {
        match error {
            ManageError::NotFound => Self::not_found(),
            ManageError::Forbidden => Self::new(Type::Forbidden, "your role doesn't allow this"),
            ManageError::OwnAccount => {
                let detail = "nobody does this to their own account: a Master Admin can do it to that of others, and to \
                              the account holder's once the account is handed over";
                Self::new(Type::Forbidden, detail)
            }
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
            ManageError::Refused(refusal) => ruled(&refusal),
            ManageError::Fault(fault) => fault.into(),
        }
    }
}

impl RuleRefusal for CompanyError {
    fn about(&self) -> About {
        match self {
            Self::AlreadyRegistered
            | Self::NotRegistered
            | Self::NotTheLatestChange { .. }
            | Self::AccountHolder
            | Self::NotMasterAdmin => Type::Conflict.into(),
            Self::Unchanged => Type::NothingChanged.into(),
            Self::GlassForMasterAdmins => Type::Forbidden.into(),
            Self::ReasonTooLong | Self::ReasonMissing => About::Field("reason"),
            Self::CodeLife { .. } => About::Field("code_life_seconds"),
            Self::NoBackup | Self::BackupReachesNobody => About::Field("backups"),
            Self::PrimaryReachesNobody => About::Field("primary"),
            Self::NoSmsCountry => About::Field("countries"),
            Self::NotAnUndo => About::Field("policy"),
            Self::ColonInAccountName => About::Field("account_name"),
            Self::NobodyLeft => Type::WouldLockOut.into(),
        }
    }
}

impl RuleRefusal for GroupError {
    fn about(&self) -> About {
        match self {
            Self::NoSuchGroup => Type::NotFound.into(),
            Self::Unchanged => Type::NothingChanged.into(),
            Self::ReasonTooLong => About::Field("reason"),
            Self::Cycle => About::Field("parent"),
            Self::Locked | Self::LockedAbove => Type::Forbidden.into(),
            Self::AlreadyCreated => Type::Conflict.into(),
        }
    }
}

impl RuleRefusal for MemberRefusal {
    fn about(&self) -> About {
        match self {
            Self::Roster(refusal) => refusal.about(),
            Self::LoginTaken => Type::LoginTaken.into(),
            Self::Member(refusal) => match refusal {
                MemberError::NoSuchMember => Type::NotFound.into(),
                MemberError::Unchanged => Type::NothingChanged.into(),
                MemberError::ReasonTooLong => About::Field("reason"),
                MemberError::NoRole => About::Field("roles"),
                MemberError::NotTechnician => About::Field("group"),
                MemberError::LinkDead | MemberError::LinkExpired => Type::LinkDead.into(),
                MemberError::AlreadyMember
                | MemberError::Disabled
                | MemberError::HasPassword
                | MemberError::NoPassword
                | MemberError::OtherPassword
                | MemberError::TooManyResets => Type::Conflict.into(),
            },
        }
    }
}

impl RuleRefusal for SecondStepError {
    fn about(&self) -> About {
        Refused::from(self.clone()).0.kind.into()
    }
}

//! The second step's refusals.

use twostep_api::{Problem, ProblemType as Type};
use twostep_domain::second_step::SecondStepError as Error;

use super::Refused;

impl From<Error> for Refused {
    fn from(error: Error) -> Self {
        let (kind, next_at) = match &error {
            Error::SignInOver | Error::SessionOver => (Type::NotSignedIn, None),
            Error::NotAtThisStep | Error::NothingSetUp | Error::NothingToConfirm | Error::SetUpOver => {
                (Type::Conflict, None)
            }
            Error::MissingPrimary { .. }
            | Error::MissingBackup { .. }
            | Error::MethodNotAllowed
            | Error::Covered => (Type::Conflict, None),
            Error::PairingOver => (Type::CodeExpired, None),
            Error::ClientCannotVerify { .. } | Error::OnlyResetMailbox | Error::OnlyTexts => {
                (Type::ClientCannotVerify, None)
            }
            Error::MethodNotOffered => return Self::field("method", error),
            Error::CannotKeep { .. } => return Self::field("keep", error),
            Error::Locked => (Type::Locked, None),
            Error::TooSoon { next_at } | Error::SendLimit { next_at } | Error::ChangeLimit { next_at } => {
                (Type::TooSoon, Some(*next_at))
            }
            Error::ShortPassword => (Type::PasswordRefused, None),
            Error::CodeExpired => (Type::CodeExpired, None),
            Error::CodeAlreadyUsed { next_at } => (Type::CodeUsed, Some(*next_at)),
            Error::WorkAddressFirst => (Type::WorkAddressFirst, None),
            Error::SetUpOutdated => (Type::SetUpOutdated, None),
            Error::LinkDead => (Type::LinkDead, None),
            Error::StepUpRequired => (Type::StepUpRequired, None),
            Error::SetUpNeeded => (Type::SecondStepRequired, None),
        };
        let problem = Problem::new(kind, error.to_string());
        Self(match next_at {
            Some(next_at) => problem.next_at(next_at),
            None => problem,
        })
    }
}

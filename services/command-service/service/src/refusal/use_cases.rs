//! The use cases' refusals.

use twostep_api::{Problem, ProblemType as Type};
use twostep_commands::{
    AccessError, ForgottenPasswordError, InvitationError, LinkError, PasswordError, SessionError, SetUpError,
    SignInError,
};

use super::Refused;

const LINK_DEAD: &str = "this link was used, replaced or is too old: ask for a new one";

impl From<AccessError> for Refused {
    fn from(error: AccessError) -> Self {
        match error {
            AccessError::NotSignedIn => Self::not_signed_in(),
            AccessError::Fault(fault) => fault.into(),
        }
    }
}

impl From<SignInError> for Refused {
    fn from(error: SignInError) -> Self {
        match error {
            SignInError::WrongCredentials => Self::new(
                Type::WrongCredentials,
                "the login or the password is wrong, or the account can't be used",
            ),
            SignInError::Delayed { next_at } => {
                Problem::new(Type::TooSoon, error.to_string()).next_at(next_at).into()
            }
            SignInError::CompanyNeeded => Self::field("company", error),
            SignInError::Country => Self::field("method", error),
            SignInError::Refused(error) => error.into(),
            SignInError::Fault(fault) => fault.into(),
        }
    }
}

impl From<SetUpError> for Refused {
    fn from(error: SetUpError) -> Self {
        match error {
            SetUpError::Email(invalid) => Self::field("address", invalid),
            SetUpError::Phone(invalid) => Self::field("number", invalid),
            SetUpError::Country | SetUpError::NoTexts => Self::field("number", error),
            SetUpError::AccountName => Self::new(Type::Conflict, error.to_string()),
            SetUpError::Rejected => {
                Self::new(Type::CodeRejected, "the code is wrong: check it and type it again")
            }
            SetUpError::NotYetVerified => Self::new(
                Type::NotYetVerified,
                "we haven't seen your click yet: press the button behind the mailed link, or type the mail's code",
            ),
            SetUpError::Refused(error) => error.into(),
            SetUpError::Fault(fault) => fault.into(),
        }
    }
}

impl From<LinkError> for Refused {
    fn from(error: LinkError) -> Self {
        match error {
            LinkError::Dead => Self::new(Type::LinkDead, LINK_DEAD),
            LinkError::Refused(error) => error.into(),
            LinkError::Fault(fault) => fault.into(),
        }
    }
}

impl From<InvitationError> for Refused {
    fn from(error: InvitationError) -> Self {
        match error {
            InvitationError::Dead => Self::new(Type::LinkDead, LINK_DEAD),
            InvitationError::LoginTaken => Self::new(Type::LoginTaken, error.to_string()),
            InvitationError::Weak(weak) => weak_password("password", weak),
            InvitationError::Refused(error) => Self::new(Type::Conflict, error.to_string()),
            InvitationError::Fault(fault) => fault.into(),
        }
    }
}

impl From<PasswordError> for Refused {
    fn from(error: PasswordError) -> Self {
        match error {
            PasswordError::Dead => Self::new(Type::LinkDead, LINK_DEAD),
            PasswordError::WrongPassword => Self::field("old", "the present password is wrong"),
            PasswordError::Delayed { next_at } => {
                Problem::new(Type::TooSoon, error.to_string()).next_at(next_at).into()
            }
            PasswordError::Weak(weak) => weak_password("new", weak),
            PasswordError::SecondStep(error) => error.into(),
            PasswordError::Refused(error) => Self::new(Type::Conflict, error.to_string()),
            PasswordError::Fault(fault) => fault.into(),
        }
    }
}

impl From<ForgottenPasswordError> for Refused {
    fn from(error: ForgottenPasswordError) -> Self {
        match error {
            ForgottenPasswordError::TooMany { next_at } => {
                Problem::new(Type::TooSoon, error.to_string()).next_at(next_at).into()
            }
            ForgottenPasswordError::Busy => Self::new(Type::Busy, error.to_string()),
        }
    }
}

impl From<SessionError> for Refused {
    fn from(error: SessionError) -> Self {
        match error {
            SessionError::Refused(error) => error.into(),
            SessionError::Fault(fault) => fault.into(),
        }
    }
}

fn weak_password(field: &str, weak: twostep_vault::WeakPassword) -> Refused {
    Problem::new(Type::PasswordRefused, weak.to_string()).field(field, weak.to_string()).into()
}

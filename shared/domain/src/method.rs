//! The ways to prove a second step.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A verification method that can be a company's primary.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Method {
    /// An authenticator app (TOTP, RFC 6238).
    App,
    /// A code by text message.
    Sms,
    /// A code by e-mail.
    Email,
}

/// What can stand in for the primary method.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum BackupKind {
    /// An authenticator app.
    App,
    /// A code by text message.
    Sms,
    /// A code by e-mail.
    Email,
    /// Printed codes, each for one use.
    Printed,
}

impl From<Method> for BackupKind {
    fn from(method: Method) -> Self {
        match method {
            Method::App => Self::App,
            Method::Sms => Self::Sms,
            Method::Email => Self::Email,
        }
    }
}

impl BackupKind {
    /// The method behind it; printed codes have none.
    #[must_use]
    pub const fn method(self) -> Option<Method> {
        match self {
            Self::App => Some(Method::App),
            Self::Sms => Some(Method::Sms),
            Self::Email => Some(Method::Email),
            Self::Printed => None,
        }
    }
}

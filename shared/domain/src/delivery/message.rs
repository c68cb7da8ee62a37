//! What is sent, how, and how urgent it is.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How a message travels.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Channel {
    /// By e-mail.
    Email,
    /// By text message.
    Sms,
}

impl Channel {
    /// As it stands in queue subjects.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Email => "email",
            Self::Sms => "sms",
        }
    }
}

/// Whether somebody waits for it: notices never delay what is urgent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Urgency {
    /// A code, a link, an invitation, a reset.
    Urgent,
    /// Something to know.
    Notice,
}

/// What a message says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum MessageKind {
    /// The code of a sign-in or a step-up.
    SignInCode,
    /// The code that proves a number in a set-up.
    SetUpCode,
    /// The link and short code that prove an address in a set-up.
    VerificationLink,
    /// The link that sets a first password.
    Invitation,
    /// The link that sets a new password.
    PasswordReset,
    /// A set-up began.
    SetUpStarted,
    /// Two-step verification is on.
    TwoStepActivated,
    /// A method was added, changed or removed.
    MethodChanged,
    /// Two-step verification is off.
    TwoStepTurnedOff,
    /// An administrator asks for a new set-up.
    ResetByAdmin,
    /// Five wrong codes.
    FiveFailures,
    /// The second step is locked.
    Locked,
    /// An administrator unlocked it.
    Unlocked,
    /// A printed code was used.
    RecoveryCodeUsed,
    /// The password is another one.
    PasswordChanged,
    /// The policy changed (to Master Admins).
    PolicyChanged,
    /// The operator broke the glass (to Master Admins).
    GlassBroken,
    /// Texts to a dialling code were stopped (to Master Admins).
    TextsStopped,
    /// Somebody became a Master Admin or is none any more, or the account is in other hands (to Master Admins).
    MasterAdminsChanged,
}

impl MessageKind {
    /// Whether somebody waits for it.
    #[must_use]
    pub const fn urgency(self) -> Urgency {
        match self {
            Self::SignInCode
            | Self::SetUpCode
            | Self::VerificationLink
            | Self::Invitation
            | Self::PasswordReset => Urgency::Urgent,
            _ => Urgency::Notice,
        }
    }
}

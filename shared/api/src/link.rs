//! What links open: invitations, password resets, verifications.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// An invitation, before it is accepted.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct Invitation {
    /// The company that invites.
    pub company_name: String,
    /// The product's name.
    pub product_name: String,
    /// The person, masked.
    pub person: String,
    /// The login to sign in with, masked.
    pub login: String,
    /// When the link dies.
    pub expires_at: DateTime<Utc>,
    /// The person's time zone, a name of the IANA time zone database.
    pub time_zone: String,
    /// Least characters of the password.
    pub password_min: u16,
}

/// Accepts an invitation.
#[derive(Clone, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AcceptInvitation {
    /// The first password.
    pub password: String,
}

/// Asks for a link to set a new password; the answer is the same whoever asks.
#[derive(Clone, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RequestPasswordReset {
    /// The company's short name; may be left out where the server has one company.
    #[serde(default)]
    pub company: Option<String>,
    /// The login name.
    pub login: String,
}

/// A password reset, before the new password is set.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct PasswordReset {
    /// The company.
    pub company_name: String,
    /// The product's name.
    pub product_name: String,
    /// The person, masked.
    pub person: String,
    /// When the link dies.
    pub expires_at: DateTime<Utc>,
    /// The person's time zone, a name of the IANA time zone database.
    pub time_zone: String,
    /// Least characters of the password.
    pub password_min: u16,
}

/// Sets a new password.
#[derive(Clone, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ResetPassword {
    /// The new password.
    pub password: String,
}

/// What a verification link is for.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct VerificationLink {
    /// The company.
    pub company_name: String,
    /// The product's name.
    pub product_name: String,
    /// The person, masked.
    pub person: String,
    /// The address that it proves, masked.
    pub destination: String,
    /// Where it stands.
    pub state: LinkState,
    /// When it dies.
    pub expires_at: DateTime<Utc>,
    /// The person's time zone, a name of the IANA time zone database.
    pub time_zone: String,
}

/// Where a verification link stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum LinkState {
    /// The button is to be pressed: it completes the set-up that asked for it.
    Confirm,
    /// This is another device: the code that the first screen shows is to be typed.
    CodeNeeded,
    /// The address is proven.
    Verified,
}

/// The button behind a verification link.
#[derive(Clone, Default, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OpenVerificationLink {
    /// The code that the first screen shows; on another device.
    #[serde(default)]
    pub first_screen_code: Option<String>,
}

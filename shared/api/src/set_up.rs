//! The set-up of two-step verification.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{DeliveryState, Method, Next, ProofKind};

/// Starts a set-up, or an edit where two-step verification is on.
#[derive(Clone, Debug, Default, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct StartSetUp {
    /// Methods in force that are to stay as they are; nothing said: all that still fit.
    #[serde(default)]
    pub keep: Option<Vec<ProofKind>>,
}

/// Where a set-up stands.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
pub struct SetUp {
    /// Its id.
    pub id: Uuid,
    /// The primary method asked for.
    pub primary: Method,
    /// What may be the backup, the suggested one first.
    pub backups: Vec<ProofKind>,
    /// What is under way or done.
    pub steps: Vec<Step>,
    /// Whether the work address must be confirmed before any other step: `set-up/email` with that address.
    #[serde(default)]
    pub work_address_first: bool,
    /// Whether *Activate* can be pressed.
    pub ready: bool,
    /// When it dies unless activated.
    pub expires_at: DateTime<Utc>,
    /// The person's time zone, by its name in the IANA database.
    pub time_zone: String,
    /// The code to type where the mailed link is opened on another device; while a link is out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first_screen_code: Option<String>,
}

/// One method of a set-up.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Step {
    /// Which method.
    pub kind: ProofKind,
    /// As primary or as backup.
    pub role: StepRole,
    /// How far it is.
    pub state: StepState,
    /// Where its code or link went or, of a method in force, where its codes go; masked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub destination: Option<String>,
    /// When it can be sent again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_send_at: Option<DateTime<Utc>>,
    /// What became of its latest code or link, while it waits for one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delivery: Option<DeliveryState>,
}

/// As what a method is set up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum StepRole {
    /// The company's primary.
    Primary,
    /// A backup.
    Backup,
}

/// How far a method is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum StepState {
    /// Shown or sent, not proven.
    Waiting,
    /// Proven; it counts once the set-up is activated.
    Verified,
    /// In force already, and kept.
    Kept,
}

/// A seed for an authenticator app; shown this once.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
pub struct Pairing {
    /// Its id.
    pub id: Uuid,
    /// The `otpauth://` URI for the QR code.
    pub uri: String,
    /// The secret as text, base32 in groups of 4.
    pub secret: String,
    /// The account's name in the app.
    pub account_name: String,
    /// Unconfirmed, it dies then.
    pub expires_at: DateTime<Utc>,
    /// The person's time zone, a name of the IANA time zone database.
    pub time_zone: String,
}

/// The app's first code, or a texted one.
#[derive(Clone, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ConfirmCode {
    /// Six digits.
    pub code: String,
}

/// *Finish email setup*.
#[derive(Clone, Default, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ConfirmContact {
    /// The mail's short code; nothing: the link was followed.
    #[serde(default)]
    pub code: Option<String>,
}

/// *Set up Email*.
#[derive(Clone, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct VerifyEmail {
    /// The address.
    pub address: String,
}

/// *Set up Text Message*.
#[derive(Clone, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct VerifyPhone {
    /// The number, with country code or as in the company's own country.
    pub number: String,
}

/// Printed codes; shown this once.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
pub struct RecoveryCodes {
    /// Ten codes, in groups of 4.
    pub codes: Vec<String>,
}

/// Two-step verification is on.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
pub struct Activated {
    /// What comes next: `signed_in`.
    pub next: Next,
    /// The session's token, where the set-up belonged to a pending sign-in. Given once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub token: Option<String>,
    /// Recovery codes, where new ones were made. Shown this once.
    #[serde(default)]
    pub recovery_codes: Vec<String>,
}

//! Messages that ended badly, behind the operator's socket.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// The dead letters of the last 14 days, the latest first.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct DeadLetters {
    /// One each.
    pub dead_letters: Vec<DeadLetter>,
}

/// A message that ended badly; it never says what was in it or where it was to go.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct DeadLetter {
    /// Which message.
    pub id: Uuid,
    /// The company's short name.
    pub company: String,
    /// The person it was for.
    pub recipient: Uuid,
    /// The event that wanted it sent.
    pub intent: Uuid,
    /// `email` or `sms`.
    pub channel: String,
    /// What it says: `sign_in_code`, `invitation`, …
    pub kind: String,
    /// The class of what went wrong: `rejected`, `configuration`, `poison`, `unknown` or `bounced`.
    pub error: String,
    /// What the provider said, without address and content.
    pub reason: String,
    /// Which provider said so, where one did.
    pub provider: Option<String>,
    /// Tries, where the last word counts them.
    pub attempts: Option<u32>,
    /// When it ended.
    pub at: DateTime<Utc>,
    /// When it is of no more use.
    pub expires_at: DateTime<Utc>,
    /// Whether it may still be sent once more: a code that died never is.
    pub may_be_redriven: bool,
}

/// Sends a dead letter once more.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RedriveDeadLetter {
    /// Why; recorded.
    pub reason: String,
}

/// A dead letter that is on its way again.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct RedrivenDeadLetter {
    /// Which message.
    pub id: Uuid,
}

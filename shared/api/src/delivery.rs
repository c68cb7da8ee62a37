//! Messages, as whoever runs or administers an installation asks about them.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// A page of a company's messages, the latest first.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct Deliveries {
    /// The messages of this page.
    pub deliveries: Vec<Delivery>,
    /// The cursor of the next page; none: no older ones are remembered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

/// A message, without what it said and where it went.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Delivery {
    /// Its id.
    pub id: Uuid,
    /// What it says: `sign_in_code`, `set_up_code`, `verification_link`, `invitation` …
    pub kind: String,
    /// How it travels.
    pub channel: Channel,
    /// The person that it is for.
    pub member: Uuid,
    /// `requested`, `retrying`, `submitted`, `delivered`, `bounced`, `failed`, `expired`, `unknown`.
    pub state: String,
    /// Since when.
    pub at: DateTime<Utc>,
    /// When it was asked for.
    pub requested_at: DateTime<Utc>,
    /// When it is of no more use.
    pub expires_at: DateTime<Utc>,
    /// Tries so far.
    pub attempts: u32,
    /// `retrying`: when the next try is due.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_at: Option<DateTime<Utc>>,
    /// The provider that spoke last, by its name in the settings.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub provider: Option<String>,
    /// The provider's own id of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub provider_id: Option<String>,
    /// `failed`: the class of the reason: `rejected`, `configuration`, `budget`, `poison`, `superseded`, `gone`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub because: Option<String>,
    /// Why it isn't there yet, or won't be.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// How a message travels.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Channel {
    /// By e-mail.
    Email,
    /// By text message.
    Sms,
}

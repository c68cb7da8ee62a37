//! A message as it was received.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// How it came.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Channel {
    /// By SMTP.
    Email,
    /// Through one of the SMS gateways.
    Sms,
}

/// A message as it was received.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Received {
    /// Counted from 1; a later message has a greater id.
    pub id: u64,
    /// How it came.
    pub channel: Channel,
    /// When.
    pub received_at: DateTime<Utc>,
    /// The sender: of a mail its header's, as written.
    pub from: String,
    /// The recipients: of a mail its envelope's.
    pub to: Vec<String>,
    /// A mail's subject.
    pub subject: Option<String>,
    /// The text.
    pub text: String,
    /// A mail's HTML part.
    pub html: Option<String>,
    /// A mail's headers, as written.
    pub headers: Vec<(String, String)>,
    /// Whether a mail came over an encrypted connection.
    #[serde(default)]
    pub encrypted: bool,
    /// The first code of six digits in the text, without spaces.
    pub code: Option<String>,
    /// The links in the text.
    pub links: Vec<String>,
}

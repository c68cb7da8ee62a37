//! Unmasking, behind the operator's socket: recorded before anything is shown.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// Records that somebody is about to be shown personal data of a company's history.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Unmask {
    /// The company.
    pub company: Uuid,
    /// What is to be shown.
    pub scope: UnmaskedScope,
    /// Why; recorded.
    pub reason: String,
    /// The challenge that was given out.
    pub challenge: String,
    /// The proof that the asker holds the master key, over challenge, company, scope and reason.
    pub proof: String,
}

impl Unmask {
    /// What the proof covers beside the challenge, in this order.
    #[must_use]
    pub fn proven(&self) -> [String; 4] {
        let Self { company, scope, reason, .. } = self;
        let scope = serde_json::json!(scope).to_string();
        ["unmasking".to_owned(), company.to_string(), scope, reason.clone()]
    }
}

/// What is shown: everything that each of its parts lets through.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct UnmaskedScope {
    /// By which command of the auditor's program.
    pub command: UnmaskedBy,
    /// Only what happened to this person, or was done by them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub member: Option<Uuid>,
    /// Only events of this type.
    #[serde(rename = "type", default, skip_serializing_if = "Option::is_none")]
    pub event_type: Option<String>,
    /// From there on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<HistoryPlace>,
    /// Up to there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<HistoryPlace>,
}

/// A command of the auditor's program.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum UnmaskedBy {
    /// The events are shown.
    Replay,
    /// What a person was at a moment is shown.
    State,
    /// The events are written to files.
    Export,
}

/// A place in a company's history.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum HistoryPlace {
    /// The event with this number, from 1.
    Number(u64),
    /// A moment.
    Time(DateTime<Utc>),
}

/// It is recorded.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct Unmasked {
    /// When, by the service's clock.
    pub at: DateTime<Utc>,
}

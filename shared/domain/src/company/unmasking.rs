//! What of a company's history is shown unmasked.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{MemberId, Time};

/// What is shown: everything that each of its parts lets through.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct UnmaskedScope {
    /// By which command of the auditor's program.
    pub command: UnmaskedBy,
    /// Only what happened to this person, or was done by them.
    pub member: Option<MemberId>,
    /// Only events of this type.
    pub event_type: Option<String>,
    /// From there on.
    pub from: Option<HistoryPlace>,
    /// Up to there.
    pub to: Option<HistoryPlace>,
}

/// A command of the auditor's program.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
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
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum HistoryPlace {
    /// The event with this number, from 1.
    Number(u64),
    /// A moment.
    Time(Time),
}

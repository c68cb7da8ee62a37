//! The box on a group's Settings tab.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The group's own setting.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Enforcement {
    /// What the group says.
    pub choice: Choice,
    /// Whether subgroups that follow their parent take it over.
    pub also_subgroups: bool,
}

/// What a group says about two-step verification in the mode *selected groups*.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Choice {
    /// As the nearest group above that ticks *also subgroups*; off where there is none.
    #[default]
    Follow,
    /// Its technicians must verify.
    Enforce,
    /// They needn't.
    Dont,
}

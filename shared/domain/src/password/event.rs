//! What can have happened to the first step of a login.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::Time;
use crate::codec::events;

events! {
    /// The events of a login's first step.
    pub enum PasswordEvent {
        PasswordDelayed = 1,
    }
}

/// So many passwords were wrong that the next try must wait; one event per threshold, capped per hour.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PasswordDelayed {
    /// Failures in a row.
    pub failures: u32,
    /// When the next try is heard.
    pub until: Time,
}

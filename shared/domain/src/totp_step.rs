//! Time steps of authenticator apps.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::Time;

/// A time step: whole periods of 30 s since the Unix epoch (RFC 6238 §4.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct TotpStep(pub u64);

impl TotpStep {
    /// Seconds in a step.
    pub const SECONDS: u64 = 30;

    /// The step that `now` lies in; 0 before 1970.
    #[must_use]
    pub fn at(now: Time) -> Self {
        Self(u64::try_from(now.timestamp()).unwrap_or(0) / Self::SECONDS)
    }
}

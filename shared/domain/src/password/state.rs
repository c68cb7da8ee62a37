//! What the events of a login's first step add up to.

use serde::{Deserialize, Serialize};

use super::PasswordEvent;
use crate::Time;

/// How a login's first step is slowed down.
///
/// A right password is no event: a delay is over when its time is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum PasswordState {
    /// Never yet.
    #[default]
    Undelayed,
    /// By the last run of wrong passwords.
    Delayed {
        /// Failures in a row at the time.
        failures: u32,
        /// When the next try is heard.
        until: Time,
    },
}

impl PasswordState {
    /// When the next try is heard, if it isn't now.
    #[must_use]
    pub fn delayed_until(self, now: Time) -> Option<Time> {
        match self {
            Self::Delayed { until, .. } if now < until => Some(until),
            Self::Undelayed | Self::Delayed { .. } => None,
        }
    }

    /// Failures in a row, as last recorded: what a limiter goes on from after a restart.
    #[must_use]
    pub fn failures(self) -> u32 {
        match self {
            Self::Undelayed => 0,
            Self::Delayed { failures, .. } => failures,
        }
    }

    pub(super) fn after(self, event: &PasswordEvent) -> Self {
        match event {
            PasswordEvent::PasswordDelayed(event) => {
                Self::Delayed { failures: event.failures, until: event.until }
            }
        }
    }
}

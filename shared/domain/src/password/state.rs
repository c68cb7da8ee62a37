//! What the events of a login's first step add up to.

use serde::{Deserialize, Serialize};

use super::PasswordEvent;
use crate::Time;

/// How a login's first step was slowed down: a record, which delays nobody by itself (docs/adr/0006).
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
    pub(super) fn after(self, event: &PasswordEvent) -> Self {
        match event {
            PasswordEvent::PasswordDelayed(event) => {
                Self::Delayed { failures: event.failures, until: event.until }
            }
        }
    }
}

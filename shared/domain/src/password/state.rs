//! What the events of a login's first step add up to.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::PasswordEvent;
use crate::Time;

/// How a login's first step was slowed down: a record, which delays nobody by itself (docs/adr/0006).
///
/// A right password is no event: a delay is over when its time is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PasswordState {
    /// By the failures in a row: when the delay that was recorded last for so many was over.
    recorded: BTreeMap<u32, Time>,
}

impl PasswordState {
    /// When the delay was over that was recorded last for `failures` in a row.
    #[must_use]
    pub fn recorded(&self, failures: u32) -> Option<Time> {
        self.recorded.get(&failures).copied()
    }

    pub(super) fn after(mut self, event: &PasswordEvent) -> Self {
        match event {
            PasswordEvent::PasswordDelayed(event) => {
                self.recorded.insert(event.failures, event.until);
            }
        }
        self
    }
}

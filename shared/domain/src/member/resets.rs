//! How many reset links a person was mailed of late.

use chrono::TimeDelta;
use serde::{Deserialize, Serialize};

use super::Link;
use crate::Time;

/// Reset links mailed to one person within a day: whoever needs more has another trouble than a forgotten password.
pub const RESETS_A_DAY: usize = 10;

/// When the last reset links mailed to a person die, oldest first: they live equally long, so as many die within a day
/// as were mailed within one.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct RecentResets(Vec<Time>);

impl RecentResets {
    /// Whether a link that dies at `expires_at` would be one too many.
    pub(super) fn are_used_up(&self, expires_at: Time) -> bool {
        let full = self.0.len() >= RESETS_A_DAY;
        full && self.0.first().is_some_and(|oldest| expires_at - *oldest < TimeDelta::days(1))
    }

    pub(super) fn note(&mut self, link: &Link) {
        if !link.mailed {
            return;
        }
        if self.0.len() >= RESETS_A_DAY {
            self.0.remove(0);
        }
        self.0.push(link.expires_at);
    }
}

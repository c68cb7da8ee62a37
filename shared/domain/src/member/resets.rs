//! When a person was mailed reset links of late.

use chrono::TimeDelta;
use serde::{Deserialize, Serialize};

use crate::Time;

/// Mails with a reset link to one person within a day, while the last of the links lives: more would only flood the mailbox.
pub const RESETS_A_DAY: usize = 10;

/// One mail in so much time, while its link lives.
const PAUSE: TimeDelta = TimeDelta::minutes(5);

/// When the last mails with a reset link were asked for, oldest first.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct RecentResets(Vec<Time>);

impl RecentResets {
    /// Whether the last mail is so young that another would be one too many.
    pub(super) fn is_pause(&self, now: Time) -> bool {
        self.0.last().is_some_and(|last| now - *last < PAUSE)
    }

    /// Whether as many were mailed within the last day as a day has.
    pub(super) fn are_used_up(&self, now: Time) -> bool {
        let full = self.0.len() >= RESETS_A_DAY;
        full && self.0.first().is_some_and(|oldest| now - *oldest < TimeDelta::days(1))
    }

    pub(super) fn note(&mut self, at: Time) {
        if self.0.len() >= RESETS_A_DAY {
            self.0.remove(0);
        }
        self.0.push(at);
    }
}

//! How often a change of methods was begun: every verified contact and the work address are told each time (S14).

use chrono::TimeDelta;
use serde::{Deserialize, Serialize};

use super::sends::opens_at;
use crate::Time;
use crate::second_step::life;

/// At most so many in such a time, whatever became of them: what follows tells the contacts again.
const LIMITS: [(usize, TimeDelta); 3] =
    [(5, TimeDelta::minutes(10)), (10, TimeDelta::hours(1)), (20, TimeDelta::days(1))];

/// No rule looks back further than this.
const KEPT: usize = 20;

/// When set-ups were started and printed codes asked for in the last day, oldest first.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Changes(Vec<Time>);

impl Changes {
    pub(super) fn add(&mut self, at: Time) {
        self.0.push(at);
        let excess = self.0.len().saturating_sub(KEPT);
        self.0.drain(..excess);
    }

    pub(super) fn prune(&mut self, now: Time) {
        self.0.retain(|at| now < life::later(*at, TimeDelta::days(1)));
    }

    /// When the next may begin, if not now.
    pub(super) fn next_at(&self, now: Time) -> Option<Time> {
        LIMITS.iter().filter_map(|limit| opens_at(&self.0, *limit)).max().filter(|next_at| now < *next_at)
    }
}

//! How often messages went out without a success, per destination (S14).

use chrono::TimeDelta;
use serde::{Deserialize, Serialize};

use crate::second_step::life;
use crate::{Digest, Time};

/// At most so many sends to one destination in such a time.
const PER_DESTINATION: [(usize, TimeDelta); 4] =
    [(1, TimeDelta::seconds(30)), (5, TimeDelta::minutes(10)), (8, TimeDelta::hours(1)), (20, DAY)];

/// At most so many sends of one person to all destinations: a set-up could name ever new ones.
const PER_PERSON: [(usize, TimeDelta); 2] = [(20, TimeDelta::hours(1)), (40, DAY)];

const DAY: TimeDelta = TimeDelta::days(1);

/// No rule looks back further than this.
const KEPT: usize = 64;

/// The sends of the last day that no success followed, oldest first.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Sends(Vec<Send>);

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Send {
    to: Digest,
    at: Time,
}

impl Sends {
    pub(super) fn add(&mut self, to: &Digest, at: Time) {
        self.0.push(Send { to: to.clone(), at });
        let excess = self.0.len().saturating_sub(KEPT);
        self.0.drain(..excess);
    }

    /// A code came back from there.
    pub(super) fn succeeded(&mut self, to: &Digest) {
        self.0.retain(|send| send.to != *to);
    }

    pub(super) fn prune(&mut self, now: Time) {
        self.0.retain(|send| now < life::later(send.at, DAY));
    }

    /// When the next send to `to` is possible, if not now.
    pub(super) fn next_at(&self, to: &Digest, now: Time) -> Option<Time> {
        let there: Vec<Time> = self.0.iter().filter(|send| send.to == *to).map(|send| send.at).collect();
        let anywhere: Vec<Time> = self.0.iter().map(|send| send.at).collect();
        let destination = PER_DESTINATION.iter().filter_map(|limit| opens_at(&there, *limit));
        let person = PER_PERSON.iter().filter_map(|limit| opens_at(&anywhere, *limit));
        destination.chain(person).max().filter(|next_at| now < *next_at)
    }
}

/// When a window of `length` holds fewer than `most` of `times` again: when the `most`-th last leaves it.
pub(super) fn opens_at(times: &[Time], (most, length): (usize, TimeDelta)) -> Option<Time> {
    let first = times.len().checked_sub(most)?;
    times.get(first).map(|at| life::later(*at, length))
}

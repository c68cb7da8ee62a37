//! Which message of a challenge is the newest.

use std::collections::HashMap;

use twostep_delivery::Request;
use twostep_domain::delivery::Channel;
use twostep_domain::{ChallengeId, DeliveryId, Time};

/// A challenge, as one channel carries it.
type Key = (ChallengeId, Channel);

/// The newest message of every challenge that is still of use.
#[derive(Default)]
pub(crate) struct Challenges {
    known: HashMap<Key, Known>,
    tidy_at: usize,
}

struct Known {
    newest: Time,
    expires_at: Time,
    lying: Vec<DeliveryId>,
}

impl Challenges {
    /// Notes a message that is laid down; gives back the others of its challenge that lie there.
    pub(crate) fn lay(&mut self, request: &Request, now: Time) -> Vec<DeliveryId> {
        let Some(key) = key(request) else { return Vec::new() };
        self.tidy(now);
        let Request { requested_at, expires_at, .. } = *request;
        let known =
            self.known.entry(key).or_insert(Known { newest: requested_at, expires_at, lying: Vec::new() });
        let others = known.lying.clone();
        known.newest = known.newest.max(requested_at);
        known.expires_at = known.expires_at.max(expires_at);
        known.lying.push(request.id);
        others
    }

    /// Whether a message of `challenge`, asked for at `requested_at`, has a newer one.
    pub(crate) fn has_newer(&self, key: Key, requested_at: Time) -> bool {
        self.known.get(&key).is_some_and(|known| known.newest > requested_at)
    }

    /// Notes that a message is taken off the queue.
    pub(crate) fn take_off(&mut self, key: Key, id: DeliveryId) {
        if let Some(known) = self.known.get_mut(&key) {
            known.lying.retain(|other| *other != id);
        }
    }

    /// Forgets what has expired, whenever twice as much is known as was left the last time.
    fn tidy(&mut self, now: Time) {
        if self.known.len() < self.tidy_at.max(1_000) {
            return;
        }
        self.known.retain(|_, known| known.expires_at > now || !known.lying.is_empty());
        self.tidy_at = self.known.len() * 2;
    }
}

/// The challenge of a message, where it has one.
pub(crate) fn key(request: &Request) -> Option<Key> {
    Some((request.challenge?, request.channel))
}

//! Where messages lie: one lane per channel and urgency, ordered by when they are due.

use std::collections::{BTreeMap, HashMap};

use chrono::TimeDelta;
use twostep_delivery::Request;
use twostep_domain::delivery::{Channel, Urgency};
use twostep_domain::{ChallengeId, DeliveryId, Time};

use crate::challenges::{self, Challenges};
use crate::{Limits, PATIENCE};

/// The place in a lane: when it is due, then the order of arrival.
type Place = (Time, u64);
/// Which lane.
type Lane = (Channel, Urgency);

/// All messages.
#[derive(Default)]
pub(crate) struct Lanes {
    places: HashMap<Lane, BTreeMap<Place, DeliveryId>>,
    lying: HashMap<DeliveryId, Lying>,
    challenges: Challenges,
    counter: u64,
}

struct Lying {
    bytes: Vec<u8>,
    lane: Lane,
    place: Place,
    challenge: Option<(ChallengeId, Channel)>,
    requested_at: Time,
    hold: Option<u64>,
    published_again: bool,
}

/// A message in somebody's hands.
pub(crate) struct Held {
    pub(crate) id: DeliveryId,
    pub(crate) bytes: Vec<u8>,
    /// Which of its deliveries this is: an older one no longer decides anything.
    pub(crate) hold: u64,
}

impl Lanes {
    /// Lays a message down; `false` when its lane is full.
    pub(crate) fn publish(&mut self, request: &Request, limits: Limits, now: Time) -> bool {
        if let Some(lying) = self.lying.get_mut(&request.id) {
            lying.published_again = lying.hold.is_some();
            return true;
        }
        let lane = (request.channel, request.urgency());
        let most = match lane.1 {
            Urgency::Urgent => limits.urgent,
            Urgency::Notice => limits.notices,
        };
        if self.places.entry(lane).or_default().len() >= most {
            return false;
        }
        let place = (now, self.count());
        self.places.entry(lane).or_default().insert(place, request.id);
        let (bytes, challenge, requested_at) =
            (request.encode(), challenges::key(request), request.requested_at);
        let lying = Lying { bytes, lane, place, challenge, requested_at, hold: None, published_again: false };
        self.lying.insert(request.id, lying);
        let others = self.challenges.lay(request, now);
        self.wake_superseded(&others, now);
        true
    }

    /// Older messages of the same challenge that wait for a retry are due at once: to be ended.
    fn wake_superseded(&mut self, others: &[DeliveryId], now: Time) {
        for id in others {
            let waits = self.lying.get(id).is_some_and(|lying| lying.hold.is_none() && lying.place.0 > now);
            if waits && self.superseded(*id) {
                self.move_to(*id, now, None);
            }
        }
    }

    /// Whether a newer message for the same challenge was published.
    pub(crate) fn superseded(&self, id: DeliveryId) -> bool {
        let newer = |lying: &Lying| Some(self.challenges.has_newer(lying.challenge?, lying.requested_at));
        self.lying.get(&id).and_then(newer).unwrap_or(false)
    }

    /// Takes the next due message of `channel`, urgent ones first; else says when one becomes due.
    pub(crate) fn take(&mut self, channel: Channel, now: Time) -> Result<Held, Option<Time>> {
        let first = |urgency| {
            let (place, id) = self.places.get(&(channel, urgency))?.first_key_value()?;
            Some((place.0, *id))
        };
        let (urgent, notice) = (first(Urgency::Urgent), first(Urgency::Notice));
        let due = [urgent, notice].into_iter().flatten().find(|(due, _)| *due <= now);
        let Some((_, id)) = due else {
            return Err([urgent, notice].into_iter().flatten().map(|(due, _)| due).min());
        };
        let hold = self.count();
        self.move_to(id, now + PATIENCE, Some(hold));
        let bytes = self.lying.get(&id).map(|lying| lying.bytes.clone()).unwrap_or_default();
        Ok(Held { id, bytes, hold })
    }

    /// Takes a held message off the queue.
    pub(crate) fn end(&mut self, id: DeliveryId, hold: u64, now: Time) {
        let Some(lying) = self.held(id, hold) else { return };
        if lying.published_again {
            lying.published_again = false;
            self.move_to(id, now, None);
            return;
        }
        let (lane, place, challenge) = (lying.lane, lying.place, lying.challenge);
        if let Some(challenge) = challenge {
            self.challenges.take_off(challenge, id);
        }
        self.lying.remove(&id);
        self.places.entry(lane).or_default().remove(&place);
    }

    /// Puts a held message back, due after `delay`.
    pub(crate) fn put_back(&mut self, id: DeliveryId, hold: u64, delay: TimeDelta, now: Time) {
        if self.held(id, hold).is_some() {
            let delay = if self.superseded(id) { TimeDelta::zero() } else { delay };
            self.move_to(id, now.checked_add_signed(delay).unwrap_or(Time::MAX_UTC), None);
        }
    }

    /// Gives the holder of a message more time.
    pub(crate) fn keep(&mut self, id: DeliveryId, hold: u64, now: Time) {
        if self.held(id, hold).is_some() {
            self.move_to(id, now + PATIENCE, Some(hold));
        }
    }

    /// Whether anything is due or in somebody's hands.
    pub(crate) fn busy(&self, now: Time) -> bool {
        self.lying.values().any(|lying| lying.hold.is_some() || lying.place.0 <= now)
    }

    fn held(&mut self, id: DeliveryId, hold: u64) -> Option<&mut Lying> {
        self.lying.get_mut(&id).filter(|lying| lying.hold == Some(hold))
    }

    fn move_to(&mut self, id: DeliveryId, due: Time, hold: Option<u64>) {
        let count = self.count();
        let Some(lying) = self.lying.get_mut(&id) else { return };
        let lane = self.places.entry(lying.lane).or_default();
        lane.remove(&lying.place);
        lying.place = (due, count);
        lying.hold = hold;
        lane.insert(lying.place, id);
    }

    fn count(&mut self) -> u64 {
        self.counter += 1;
        self.counter
    }
}

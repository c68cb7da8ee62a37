//! The messages of one company in a lane: those that wait, and those in somebody's hands.

use std::collections::BTreeMap;

use twostep_domain::{DeliveryId, Time};

/// The place in a line: when it is due, then the order of arrival.
pub(crate) type Place = (Time, u64);

/// One company's messages in a lane.
#[derive(Default)]
pub(crate) struct Line {
    waiting: BTreeMap<Place, DeliveryId>,
    /// By the instant from which their holders count as gone.
    held: BTreeMap<Place, DeliveryId>,
}

impl Line {
    pub(crate) fn put(&mut self, place: Place, id: DeliveryId, held: bool) {
        if held {
            self.held.insert(place, id)
        } else {
            self.waiting.insert(place, id)
        };
    }

    pub(crate) fn remove(&mut self, place: &Place) {
        if self.waiting.remove(place).is_none() {
            self.held.remove(place);
        }
    }

    pub(crate) fn len(&self) -> usize {
        self.waiting.len() + self.held.len()
    }

    /// How many wait.
    pub(crate) fn waiting(&self) -> usize {
        self.waiting.len()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// What was held in silence for too long waits again.
    pub(crate) fn lapse(&mut self, now: Time) {
        while let Some(first) = self.held.first_entry()
            && first.key().0 <= now
        {
            let (place, id) = first.remove_entry();
            self.waiting.insert(place, id);
        }
    }

    /// The first that waits, due or not; none while `most` are in somebody's hands.
    pub(crate) fn first(&self, most: usize) -> Option<(Place, DeliveryId)> {
        let (place, id) = self.waiting.first_key_value().filter(|_| self.held.len() < most)?;
        Some((*place, *id))
    }

    /// How many are in somebody's hands.
    pub(crate) fn in_hand(&self) -> usize {
        self.held.len()
    }

    /// When the first holder counts as gone.
    pub(crate) fn lapses_at(&self) -> Option<Time> {
        self.held.first_key_value().map(|(place, _)| place.0)
    }
}

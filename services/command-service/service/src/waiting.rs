//! How many pages may wait for news at once: each of them is an answer that takes minutes.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use twostep_domain::MemberId;

/// Places of one person: a page and its reload, on two devices.
const OF_ONE_PERSON: usize = 4;

/// Places in all: a quarter of the connections.
const IN_ALL: usize = 1_000;

/// Who waits at present; clones are the same places.
#[derive(Clone, Default)]
pub(crate) struct Places(Arc<Mutex<HashMap<MemberId, usize>>>);

/// The right to wait; given back when dropped.
pub(crate) struct Place {
    places: Places,
    member: MemberId,
}

impl Places {
    /// A place for `member`, if one is free.
    pub(crate) fn take(&self, member: MemberId) -> Option<Place> {
        let mut taken = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let theirs = taken.get(&member).copied().unwrap_or(0);
        if theirs >= OF_ONE_PERSON || taken.values().sum::<usize>() >= IN_ALL {
            return None;
        }
        taken.insert(member, theirs + 1);
        Some(Place { places: self.clone(), member })
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut taken = self.places.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(theirs) = taken.get_mut(&self.member) {
            *theirs -= 1;
            if *theirs == 0 {
                taken.remove(&self.member);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn person(number: usize) -> MemberId {
        MemberId(Uuid::from_u128(number as u128))
    }

    #[test]
    fn one_person_has_four_places_and_gets_them_back() {
        let places = Places::default();
        let mut taken: Vec<Place> = (0..4).map(|_| places.take(person(1)).unwrap()).collect();
        assert!(places.take(person(1)).is_none());
        assert!(places.take(person(2)).is_some(), "another person isn't kept out");
        taken.pop();
        assert!(places.take(person(1)).is_some());
    }

    #[test]
    fn all_together_have_a_thousand_places() {
        let places = Places::default();
        let mut taken: Vec<Place> = (0..1_000).map(|number| places.take(person(number)).unwrap()).collect();
        assert!(places.take(person(1_000)).is_none());
        taken.pop();
        assert!(places.take(person(1_000)).is_some());
        drop(taken);
        assert!(places.0.lock().unwrap().is_empty(), "nobody is remembered");
    }
}

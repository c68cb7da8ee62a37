//! Random bytes and ids from the operating system's generator, for everybody who links the vault.
//!
//! Whoever doesn't draws from the same generator: the pages for their form tokens and idempotency keys, delivery for the
//! nonces of its seals.

use rand::TryRng as _;
use rand::rngs::SysRng;
use twostep_domain::EventId;
use uuid::{NoContext, Timestamp, Uuid};
use zeroize::Zeroizing;

/// Fills `bytes` from the operating system.
///
/// # Panics
/// When the operating system has no generator: nothing that this product does is safe then.
pub fn fill(bytes: &mut [u8]) {
    SysRng.try_fill_bytes(bytes).expect("the operating system's random generator works");
}

/// `N` random bytes, cleared when dropped.
#[must_use]
pub fn bytes<const N: usize>() -> Zeroizing<[u8; N]> {
    let mut bytes = Zeroizing::new([0; N]);
    fill(bytes.as_mut_slice());
    bytes
}

/// A new random id (UUIDv4, RFC 9562 §5.4), for whatever is not an event.
#[must_use]
pub fn new_id() -> Uuid {
    let mut random = [0; 16];
    fill(&mut random);
    uuid::Builder::from_random_bytes(random).into_uuid()
}

/// A new event's id (UUIDv7, RFC 9562 §5.7): its first 48 bits are the milliseconds of `now`.
#[must_use]
pub fn event_id(now: twostep_domain::Time) -> EventId {
    let seconds = u64::try_from(now.timestamp()).unwrap_or(0);
    EventId(Uuid::new_v7(Timestamp::from_unix(NoContext, seconds, now.timestamp_subsec_nanos())))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn ids_are_random_and_event_ids_carry_the_time() {
        let ids: BTreeSet<_> = (0..1_000).map(|_| new_id()).collect();
        assert_eq!(ids.len(), 1_000);
        assert!(ids.iter().all(|id| id.get_version_num() == 4));
        let now = "2026-11-24T10:00:00.123Z".parse().unwrap();
        let id = event_id(now).0;
        assert_eq!((id.get_version_num(), id.as_u128() >> 80), (7, 1_795_514_400_123));
        assert_ne!(event_id(now), event_id(now));
    }
}

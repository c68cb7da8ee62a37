//! How often something may be asked for, by address: counts in memory, the same whoever is asked about (S13).

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::Mutex;

use chrono::Duration;
use twostep_clock::Time;
use twostep_domain::Digest;

/// How many addresses are remembered; the least recent go first.
const REMEMBERED: usize = 50_000;

/// So many requests within so much time, for each address.
pub(crate) struct Quota {
    requests: u32,
    within: Duration,
    counts: Mutex<HashMap<Digest, Count>>,
}

#[derive(Clone, Copy)]
struct Count {
    requests: u32,
    since: Time,
}

impl Quota {
    /// Requests of one address for *forgotten password*, whatever logins they name: an office behind one address has
    /// several.
    pub(crate) fn of_forgotten_passwords() -> Self {
        Self::new(20, Duration::minutes(10))
    }

    pub(crate) fn new(requests: u32, within: Duration) -> Self {
        Self { requests, within, counts: Mutex::default() }
    }

    /// Counts a request of each of `addresses`, which may count so many times as the number beside it allows.
    ///
    /// # Errors
    /// When the next one is heard: then this one isn't counted.
    pub(crate) fn take(&self, addresses: &[(Digest, u32)], now: Time) -> Result<(), Time> {
        // Counts that a panic cut short may be too low: nobody is heard by them any more (S15).
        let Ok(mut counts) = self.counts.lock() else {
            tracing::error!("the counts of requests by address are broken: restart the program");
            return Err(now + self.within);
        };
        self.make_room(&mut counts, now);
        let used_up = addresses.iter().filter_map(|(address, share)| {
            let count = counts.get(address).filter(|count| now - count.since < self.within)?;
            (count.requests >= self.requests * share).then_some(count.since + self.within)
        });
        if let Some(next_at) = used_up.max() {
            return Err(next_at);
        }
        for (address, _) in addresses {
            let count = counts.entry(address.clone()).or_insert(Count { requests: 0, since: now });
            if now - count.since >= self.within {
                *count = Count { requests: 0, since: now };
            }
            count.requests += 1;
        }
        Ok(())
    }

    /// Forgets what is over; where that isn't enough, those that began longest ago.
    fn make_room(&self, counts: &mut HashMap<Digest, Count>, now: Time) {
        if counts.len() < REMEMBERED {
            return;
        }
        counts.retain(|_, count| now - count.since < self.within);
        if counts.len() >= REMEMBERED {
            let mut times: Vec<Time> = counts.values().map(|count| count.since).collect();
            times.sort_unstable();
            let median = times[times.len() / 2];
            counts.retain(|_, count| count.since > median);
        }
    }
}

/// What counts as one address: IPv4 whole, IPv6 by its /64, since one customer has them all (S15).
pub(crate) fn prefix(address: IpAddr) -> String {
    match address.to_canonical() {
        IpAddr::V4(v4) => v4.to_string(),
        IpAddr::V6(v6) => {
            let [a, b, c, d, ..] = v6.segments();
            format!("{a:x}:{b:x}:{c:x}:{d:x}::/64")
        }
    }
}

/// The wider neighbourhood of an IPv6 address, which one customer can have too.
pub(crate) fn neighbourhood(address: IpAddr) -> Option<String> {
    match address.to_canonical() {
        IpAddr::V4(_) => None,
        IpAddr::V6(v6) => {
            let [a, b, c, ..] = v6.segments();
            Some(format!("{a:x}:{b:x}:{c:x}::/48"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(number: u8) -> Digest {
        Digest::of(&[number; 32])
    }

    fn at(minutes: i64) -> Time {
        Time::UNIX_EPOCH + Duration::minutes(minutes)
    }

    #[test]
    fn s14_each_address_has_its_own_requests_and_is_told_when_the_next_is_heard() {
        let quota = Quota::new(3, Duration::minutes(10));
        for minute in 0..3 {
            quota.take(&[(address(1), 1)], at(minute)).unwrap();
        }
        for minute in 3..10 {
            assert_eq!(quota.take(&[(address(1), 1)], at(minute)), Err(at(10)));
        }
        quota.take(&[(address(2), 1)], at(9)).unwrap();
        quota.take(&[(address(1), 1)], at(10)).unwrap();
    }

    #[test]
    fn s15_a_neighbourhood_counts_for_all_its_addresses_and_allows_more() {
        let quota = Quota::new(2, Duration::minutes(10));
        let asking = |number| quota.take(&[(address(number), 1), (address(0), 2)], at(0));
        let heard: Vec<bool> = [1, 1, 1, 2, 2, 3].map(|number| asking(number).is_ok()).to_vec();
        assert_eq!(heard, [true, true, false, true, true, false]);
    }

    #[test]
    fn s15_a_broken_quota_refuses() {
        let quota = Quota::new(2, Duration::minutes(10));
        let broken = std::thread::scope(|scope| {
            let breaking = || {
                let _counts = quota.counts.lock();
                panic!("in the middle of counting");
            };
            scope.spawn(breaking).join()
        });
        assert!(broken.is_err());
        assert_eq!(quota.take(&[(address(1), 1)], at(0)), Err(at(10)));
    }

    #[test]
    fn s15_ipv6_counts_by_the_64_and_the_48_and_ipv4_whole() {
        let parsed = |text: &str| text.parse::<IpAddr>().unwrap();
        let six = parsed("2001:db8:1:2:3:4:5:6");
        assert_eq!(prefix(six), "2001:db8:1:2::/64");
        assert_eq!(neighbourhood(six).as_deref(), Some("2001:db8:1::/48"));
        for four in ["192.0.2.7", "::ffff:192.0.2.7"] {
            assert_eq!(prefix(parsed(four)), "192.0.2.7");
            assert_eq!(neighbourhood(parsed(four)), None);
        }
    }

    #[test]
    fn what_is_remembered_is_bounded() {
        let quota = Quota::new(1, Duration::minutes(10));
        for number in 0..=u32::try_from(REMEMBERED).unwrap() {
            let mut bytes = [0; 32];
            bytes[..4].copy_from_slice(&number.to_be_bytes());
            quota.take(&[(Digest::of(&bytes), 1)], at(0) + Duration::milliseconds(number.into())).unwrap();
        }
        assert!(quota.counts.lock().unwrap().len() <= REMEMBERED);
    }
}

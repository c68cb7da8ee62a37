//! How long the keys of codes and links live.

use chrono::{Days, Duration, Months, NaiveDate, NaiveTime};
use twostep_domain::{KeyPeriod, Time};

/// A code key outlives its day by so much, a link key the longest link of its month.
const AFTERWARDS: Duration = Duration::hours(48);
/// The longest life of a link: an invitation's.
const LONGEST_LINK: Duration = Duration::days(7);

/// From when to when a key may be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Life {
    starts: Time,
    dies: Time,
}

impl Life {
    /// Of a code key: its day and 48 h. Nothing if the period is no day.
    pub(crate) fn of_code_key(day: &KeyPeriod) -> Option<Self> {
        let date = NaiveDate::parse_from_str(&day.0, "%Y-%m-%d").ok()?;
        let starts = midnight(date);
        let life = Self { starts, dies: midnight(date.checked_add_days(Days::new(1))?) + AFTERWARDS };
        (KeyPeriod::day(starts) == *day).then_some(life)
    }

    /// Of a link key: its month, 7 days and 48 h. Nothing if the period is no month.
    pub(crate) fn of_link_key(month: &KeyPeriod) -> Option<Self> {
        let date = NaiveDate::parse_from_str(&format!("{}-01", month.0), "%Y-%m-%d").ok()?;
        let starts = midnight(date);
        let end = midnight(date.checked_add_months(Months::new(1))?);
        let life = Self { starts, dies: end + LONGEST_LINK + AFTERWARDS };
        (KeyPeriod::month(starts) == *month).then_some(life)
    }

    /// Whether the key may still be used at `now`.
    pub(crate) fn is_over(self, now: Time) -> bool {
        now >= self.dies
    }

    /// Whether the key may be made at `now`: its life isn't over, and begins tomorrow at the latest (clocks differ).
    pub(crate) fn may_begin(self, now: Time) -> bool {
        !self.is_over(now) && self.starts <= now + Duration::days(1)
    }
}

fn midnight(date: NaiveDate) -> Time {
    date.and_time(NaiveTime::MIN).and_utc()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Time {
        text.parse().unwrap()
    }

    #[test]
    fn a_code_key_lives_for_its_day_and_48_hours() {
        let life = Life::of_code_key(&KeyPeriod("2026-11-24".to_owned())).unwrap();
        assert!(!life.is_over(at("2026-11-26T23:59:59Z")));
        assert!(life.is_over(at("2026-11-27T00:00:00Z")));
        assert!(life.may_begin(at("2026-11-24T00:00:00Z")) && !life.may_begin(at("2026-11-22T23:00:00Z")));
    }

    #[test]
    fn a_link_key_outlives_the_longest_link_of_its_month() {
        let life = Life::of_link_key(&KeyPeriod("2026-12".to_owned())).unwrap();
        assert!(!life.is_over(at("2027-01-09T23:59:59Z")));
        assert!(life.is_over(at("2027-01-10T00:00:00Z")));
    }

    #[test]
    fn what_is_no_period_has_no_life() {
        for text in ["", "2026-11", "2026-13-01", "24.11.2026", "2026-11-24 ", "2026-1-4"] {
            assert_eq!(Life::of_code_key(&KeyPeriod(text.to_owned())), None, "{text}");
        }
        for text in ["", "2026-11-24", "2026-13", "2026-1", "x"] {
            assert_eq!(Life::of_link_key(&KeyPeriod(text.to_owned())), None, "{text}");
        }
    }
}

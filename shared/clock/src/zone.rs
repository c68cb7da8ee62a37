//! Time zones: names of the IANA database, and instants as the clocks there show them.

use std::str::FromStr;

use chrono::{Datelike as _, Offset as _};
use chrono_tz::Tz;

use crate::Time;

/// A time zone of the IANA database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Zone(Tz);

/// An instant as the clocks of a zone show it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Local {
    /// The year.
    pub year: i32,
    /// The month, from 1.
    pub month: u32,
    /// The day of the month, from 1.
    pub day: u32,
    /// Hour and minute: "21:05".
    pub clock: String,
    /// Which zone that is: "CET (UTC+01:00)".
    pub mark: String,
}

/// The name isn't in the IANA database.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no such time zone: give a name of the IANA database, like Europe/Budapest or UTC")]
pub struct UnknownZone;

impl FromStr for Zone {
    type Err = UnknownZone;

    fn from_str(name: &str) -> Result<Self, UnknownZone> {
        name.parse().map(Self).map_err(|_| UnknownZone)
    }
}

impl Default for Zone {
    /// UTC, the zone that every reader can convert.
    fn default() -> Self {
        Self(Tz::UTC)
    }
}

impl Zone {
    /// The zone of that name; UTC where there is none: events of long ago may name anything.
    #[must_use]
    pub fn or_utc(name: &str) -> Self {
        name.parse().unwrap_or_default()
    }

    /// `at` in chrono's `form`, followed by which zone that is: "10:00 CET (UTC+01:00)".
    #[must_use]
    pub fn show(self, at: Time, form: &str) -> String {
        format!("{} {}", at.with_timezone(&self.0).format(form), self.mark(at))
    }

    /// `at` in its parts, for whoever writes it in the way of a language.
    #[must_use]
    pub fn local(self, at: Time) -> Local {
        let there = at.with_timezone(&self.0);
        Local {
            year: there.year(),
            month: there.month(),
            day: there.day(),
            clock: there.format("%H:%M").to_string(),
            mark: self.mark(at),
        }
    }

    /// Which zone it is at `at`, for people elsewhere.
    fn mark(self, at: Time) -> String {
        let there = at.with_timezone(&self.0);
        let (abbreviation, offset) = (there.format("%Z").to_string(), there.offset().fix());
        match abbreviation.as_bytes() {
            _ if abbreviation == "UTC" => abbreviation,
            // Zones without an abbreviation have their offset in its place.
            [b'+' | b'-', ..] => format!("UTC{offset}"),
            _ => format!("{abbreviation} (UTC{offset})"),
        }
    }

    /// Whether the two instants are on the same day there.
    #[must_use]
    pub fn same_day(self, one: Time, other: Time) -> bool {
        let day = |at: Time| at.with_timezone(&self.0).date_naive();
        day(one) == day(other)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn show(zone: &str, at: &str) -> String {
        Zone::or_utc(zone).show(at.parse().unwrap(), "%Y-%m-%d %H:%M")
    }

    #[test]
    fn an_instant_is_shown_in_its_zone_with_abbreviation_and_offset() {
        for (zone, at, shown) in [
            ("Europe/Budapest", "2026-01-15T23:30:00Z", "2026-01-16 00:30 CET (UTC+01:00)"),
            ("Europe/Budapest", "2026-07-15T10:00:00Z", "2026-07-15 12:00 CEST (UTC+02:00)"),
            ("Asia/Kolkata", "2026-01-15T10:00:00Z", "2026-01-15 15:30 IST (UTC+05:30)"),
            ("America/Sao_Paulo", "2026-01-15T10:00:00Z", "2026-01-15 07:00 UTC-03:00"),
            ("UTC", "2026-01-15T10:00:00Z", "2026-01-15 10:00 UTC"),
            ("Old/Nonsense", "2026-01-15T10:00:00Z", "2026-01-15 10:00 UTC"),
        ] {
            assert_eq!(show(zone, at), shown);
        }
    }

    #[test]
    fn names_outside_the_database_are_refused() {
        for name in ["", "Berlin", "europe/budapest", "UTC+1", "../etc/localtime"] {
            assert_eq!(name.parse::<Zone>(), Err(UnknownZone), "{name}");
        }
        assert!("Europe/Budapest".parse::<Zone>().is_ok());
    }

    #[test]
    fn midnight_is_the_zones_own() {
        let (evening, night) =
            ("2026-01-15T22:30:00Z".parse().unwrap(), "2026-01-15T23:30:00Z".parse().unwrap());
        assert!(Zone::default().same_day(evening, night));
        assert!(!Zone::or_utc("Europe/Budapest").same_day(evening, night));
    }
}

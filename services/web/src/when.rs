//! Instants in words.

use chrono::{DateTime, Duration, Utc};
use twostep_clock::Zone;

/// An instant to wait for: "10:04:05 UTC, in 24 seconds".
pub(crate) fn wait(at: DateTime<Utc>, now: DateTime<Utc>, zone: Zone) -> String {
    format!("{}, {}", clock(at, now, zone), until(at, now))
}

/// How far off an instant is: "in 24 seconds".
pub(crate) fn until(at: DateTime<Utc>, now: DateTime<Utc>) -> String {
    let milliseconds = u64::try_from((at - now).num_milliseconds()).unwrap_or(0);
    let seconds = milliseconds.div_ceil(1_000);
    match seconds {
        0 => "now".to_owned(),
        1 => "in 1 second".to_owned(),
        2..120 => format!("in {seconds} seconds"),
        120..7_200 => format!("in {} minutes", seconds.div_ceil(60)),
        _ => format!("in {} hours", seconds.div_ceil(3_600)),
    }
}

/// An instant of today as a time, of another day with its date.
pub(crate) fn clock(at: DateTime<Utc>, now: DateTime<Utc>, zone: Zone) -> String {
    // A wait ends with the second that it falls into.
    let at = if at.timestamp_subsec_nanos() == 0 { at } else { at + Duration::seconds(1) };
    if zone.same_day(at, now) { zone.show(at, "%H:%M:%S") } else { date(at, zone) }
}

/// An instant with its date, to the minute.
pub(crate) fn date(at: DateTime<Utc>, zone: Zone) -> String {
    zone.show(at, "%-d %b %Y, %H:%M")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    #[test]
    fn a_wait_is_a_time_and_a_length() {
        let now = at("2026-11-20T10:00:00Z");
        for (until, words) in [
            ("2026-11-20T10:00:24Z", "10:00:24 UTC, in 24 seconds"),
            ("2026-11-20T10:00:00.4Z", "10:00:01 UTC, in 1 second"),
            ("2026-11-20T10:15:00Z", "10:15:00 UTC, in 15 minutes"),
            ("2026-11-21T09:00:00Z", "21 Nov 2026, 09:00 UTC, in 23 hours"),
            ("2026-11-20T09:59:00Z", "09:59:00 UTC, now"),
        ] {
            assert_eq!(wait(at(until), now, Zone::default()), words);
        }
        let budapest = Zone::or_utc("Europe/Budapest");
        let words = "11:00:24 CET (UTC+01:00), in 24 seconds";
        assert_eq!(wait(at("2026-11-20T10:00:24Z"), now, budapest), words);
    }
}

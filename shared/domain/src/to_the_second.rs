//! Times in words, for refusals.

use chrono::{DurationRound as _, TimeDelta};

use crate::Time;

/// `at`, or the next whole second after it, so that whoever waits until then isn't too early.
#[must_use]
pub fn to_the_second(at: Time) -> String {
    let rounded = at.duration_trunc(TimeDelta::seconds(1)).unwrap_or(at);
    let whole = if rounded < at { rounded + TimeDelta::seconds(1) } else { rounded };
    whole.format("%F %T UTC").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_told_to_the_second_and_never_too_early() {
        for (at, told) in [
            ("2026-11-24T13:21:15.437721687Z", "2026-11-24 13:21:16 UTC"),
            ("2026-11-24T13:21:15Z", "2026-11-24 13:21:15 UTC"),
        ] {
            assert_eq!(to_the_second(at.parse().unwrap()), told);
        }
    }
}

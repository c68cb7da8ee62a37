//! How long a wrong password makes the next try wait.

use chrono::TimeDelta;

/// Failures in a row that cost nothing: people mistype.
const FREE: u32 = 4;

/// The longest wait, so that nobody is ever locked out for good (S12).
const LONGEST: TimeDelta = TimeDelta::minutes(15);

/// The wait after so many failures in a row: none up to the 4th, then 1, 2, 4 … s, at most 15 min.
#[must_use]
pub fn delay_after(failures: u32) -> Option<TimeDelta> {
    let doublings = failures.checked_sub(FREE + 1)?;
    let seconds = 1_i64.checked_shl(doublings.min(32)).unwrap_or(i64::MAX);
    Some(TimeDelta::seconds(seconds.min(LONGEST.num_seconds())))
}

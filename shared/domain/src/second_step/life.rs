//! How long things live, how many there may be, and how often something may be tried.

use chrono::TimeDelta;

use crate::Time;

/// A pending sign-in or step-up (S16).
pub const PENDING: TimeDelta = TimeDelta::minutes(15);
/// A set-up (S2).
pub const SET_UP: TimeDelta = TimeDelta::minutes(60);
/// A set-up that changes in a session what is in force.
pub const EDIT: TimeDelta = TimeDelta::minutes(15);
/// A seed that no code confirmed (S2).
pub const PAIRING: TimeDelta = TimeDelta::minutes(10);
/// A session, from its start (S17).
pub const SESSION: TimeDelta = TimeDelta::hours(24);
/// A session that nobody uses (S17).
pub const IDLE: TimeDelta = TimeDelta::hours(1);
/// The least time between two `SessionSeen` of a session.
pub const SEEN_EVERY: TimeDelta = TimeDelta::minutes(10);
/// A second-step proof, for what touches methods and passwords (S18).
pub const PROOF: TimeDelta = TimeDelta::minutes(5);
/// What a code must have left to be sent again; with less, a new one is made.
pub const RESENDABLE: TimeDelta = TimeDelta::seconds(60);
/// The bounds of a sent code's life in seconds (S4: 10 min at most).
pub const CODE_SECONDS: (u16, u16) = (60, 600);

/// Pending sign-ins and step-ups of a person; one more drops the oldest.
pub const MAX_PENDING: usize = 16;
/// Sessions of a person; one more ends the oldest.
pub const MAX_SESSIONS: usize = 32;
/// Set-ups of a person; one more drops the oldest.
pub const MAX_SET_UPS: usize = 8;

/// Wrong tries that a sent code, and a link's screen code, survive (S4, S8).
pub const MAX_TRIES: u8 = 5;
/// The failure that the first delay follows (S11).
pub const DELAY_FROM: u32 = 3;
/// The failure at which the owner is told (S11).
pub const TELL_AT: u32 = 5;
/// The failure that locks (S11).
pub const LOCK_AT: u32 = 20;
/// The longest delay (S11).
pub const LONGEST_DELAY: TimeDelta = TimeDelta::minutes(15);

/// `at` moved by `delta`, stopping at the end of time instead of overflowing.
pub(super) fn later(at: Time, delta: TimeDelta) -> Time {
    at.checked_add_signed(delta).unwrap_or(Time::MAX_UTC)
}

/// Whether `since` is past and less than `delta` before `now`: what a clock says is still to come isn't fresh (S30).
pub(super) fn within(since: Time, delta: TimeDelta, now: Time) -> bool {
    since <= now && now.signed_duration_since(since) < delta
}

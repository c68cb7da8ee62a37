//! Reasons in people's own words.

/// The most characters that a reason may have.
pub const MAX_REASON: usize = 500;

/// Whether `reason` may stand in an event.
pub(crate) fn reason_fits(reason: &str) -> bool {
    reason.chars().count() <= MAX_REASON
}

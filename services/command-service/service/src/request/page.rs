//! How much of a list somebody wants at once.

use crate::refusal::Refused;

/// Entries on a page, where nothing is said.
const USUAL: usize = 50;
/// Entries on a page at the most.
const LARGEST: usize = 200;

/// The size of a page as it was asked for with `limit`.
pub(crate) fn page_size(limit: Option<usize>) -> Result<usize, Refused> {
    match limit.unwrap_or(USUAL) {
        size @ 1..=LARGEST => Ok(size),
        size => Err(Refused::field("limit", format_args!("{size} is none of 1 to {LARGEST}"))),
    }
}

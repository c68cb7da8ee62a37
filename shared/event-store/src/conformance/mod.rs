//! The conformance suite: what every engine must do, whatever it is made of.
//!
//! An adapter's test gives it fresh stores, on a runtime with several threads:
//!
//! ```ignore
//! #[tokio::test(flavor = "multi_thread")]
//! async fn it_keeps_the_ports_promises() {
//!     conformance::all(|| async { my_fresh_store().await }).await;
//! }
//! ```
//!
//! Each case can be called alone as well, also on a store that holds other events. A broken promise panics.
//! What a killed process or a failed disk must not lose is the adapter's own suite.

mod appending;
mod following;
mod given;
mod loading;
mod racing;
mod storing;

use std::sync::Arc;

use crate::Store;

pub use appending::*;
pub use following::*;
pub use loading::*;
pub use racing::*;
pub use storing::*;

/// Runs every case, each on a store from `fresh`.
pub async fn all<F, S>(fresh: F)
where
    F: Fn() -> S,
    S: Future<Output = Arc<dyn Store>>,
{
    revisions_are_exact(fresh().await).await;
    a_stale_token_conflicts(fresh().await).await;
    the_same_ids_at_the_same_revisions_succeed(fresh().await).await;
    other_ids_at_the_same_revisions_conflict(fresh().await).await;

    an_empty_stream_has_a_token(fresh().await).await;
    loading_starts_after_a_revision(fresh().await).await;
    an_event_is_found_by_its_revision(fresh().await).await;
    companies_and_kinds_keep_their_streams_apart(fresh().await).await;

    recorded_at_never_decreases_within_a_stream(fresh().await).await;
    bytes_are_stored_verbatim(fresh().await).await;
    sizes_are_limited(fresh().await).await;

    reading_pages_through_the_whole_log(fresh().await).await;
    a_subscription_goes_from_any_position_to_live(fresh().await).await;
    waiting_ends_with_the_next_event(fresh().await).await;
    a_cancelled_wait_loses_nothing(fresh().await).await;

    one_of_many_first_appends_wins(fresh().await).await;
    the_head_covers_every_acknowledged_append(fresh().await).await;
    no_reader_skips_or_repeats_while_many_write(fresh().await).await;
}

//! The conformance suite of the queue's ports: every queue passes the same cases.
//!
//! An adapter's test makes a [`Harness`] and calls [`run_all`]; nothing here sleeps, the harness lets time pass.

mod claims;
mod messages;
mod reports;
mod requests;
mod traces;

use std::time::Duration;

use async_trait::async_trait;
use twostep_domain::Time;
use uuid::Uuid;

use crate::{Claims, Consumer, Publisher, Reporter, Reports};

/// One fresh, empty queue under test, and power over its time.
#[async_trait]
pub trait Harness: Send + Sync {
    /// The service's way in.
    fn publisher(&self) -> &dyn Publisher;
    /// The worker's way out.
    fn consumer(&self) -> &dyn Consumer;
    /// Who works on what.
    fn claims(&self) -> &dyn Claims;
    /// The worker's way in.
    fn reporter(&self) -> &dyn Reporter;
    /// The service's way out.
    fn reports(&self) -> &dyn Reports;

    /// The present instant, by the queue's clock.
    fn now(&self) -> Time;
    /// Lets `by` pass for the queue.
    async fn pass(&self, by: Duration);
    /// After how long a silent holder of a message, report or claim counts as gone.
    fn patience(&self) -> Duration;
    /// How many urgent messages of one channel find room.
    fn room(&self) -> usize;
    /// How long to wait before being sure that nothing comes; zero where that is known at once.
    fn moment(&self) -> Duration;
    /// What ids are made from: another one for every run against the same server.
    fn seed(&self) -> Uuid;
}

/// Runs every case, each on a queue of its own.
pub async fn run_all<H: Harness>(make: impl AsyncFn() -> H) {
    messages::a_published_message_comes_out_as_it_went_in(&make().await).await;
    messages::urgent_messages_come_before_notices(&make().await).await;
    messages::an_urgent_message_overtakes_the_notices_that_wait(&make().await).await;
    messages::a_hand_that_is_kept_for_urgent_messages_leaves_notices_alone(&make().await).await;
    messages::whoever_stops_waiting_loses_no_message(&make().await).await;
    messages::channels_do_not_see_each_others_messages(&make().await).await;
    messages::the_same_id_is_delivered_once_while_it_lies_there(&make().await).await;
    messages::a_message_put_back_comes_when_its_delay_has_passed(&make().await).await;
    messages::a_message_that_nobody_ends_comes_again(&make().await).await;
    messages::work_in_progress_keeps_a_message(&make().await).await;
    messages::an_acknowledged_message_is_gone(&make().await).await;
    messages::a_newer_message_for_the_same_challenge_supersedes_the_older(&make().await).await;
    messages::a_message_sent_once_more_takes_the_place_of_the_one_that_lies_there(&make().await).await;
    messages::a_full_queue_says_so_and_loses_nothing(&make().await).await;
    claims::a_claim_counts_its_tries(&make().await).await;
    claims::two_workers_never_both_take_it(&make().await).await;
    claims::a_dead_owners_claim_goes_on(&make().await).await;
    claims::a_dead_owner_that_was_submitting_is_told_apart(&make().await).await;
    claims::a_decided_message_is_told_by_everybody_and_not_sent_again(&make().await).await;
    claims::a_reopened_message_is_claimed_anew_once_a_round(&make().await).await;
    claims::a_word_of_the_round_before_keeps_nobody_from_sending_once_more(&make().await).await;
    claims::a_message_that_nobody_remembers_is_reopened_once_a_round(&make().await).await;
    claims::a_lost_claim_does_not_submit(&make().await).await;
    reports::a_report_comes_out_as_it_went_in(&make().await).await;
    reports::a_report_comes_again_until_it_is_acknowledged(&make().await).await;
    traces::messages_and_reports_carry_what_they_are_because_of(&make().await).await;
}

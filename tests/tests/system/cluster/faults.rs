//! Faults, as often as a test run bears; `./just faults` has the long form.
//!
//! Whatever goes wrong, nothing is lost, every message ends in one outcome, and none arrives more often than somebody crashed.

use twostep_tests::faults::{
    Length, Row, of_a_flood, of_poison, of_the_broker, of_the_gateway, of_the_relay, of_workers, table,
};

#[track_caller]
fn hold(rows: &[Row], number: usize) {
    assert!(rows.len() == number && rows.iter().all(|row| row.intents > 0), "{rows:#?}");
    assert!(rows.iter().all(Row::holds), "\n{}", table(rows));
}

#[tokio::test(flavor = "multi_thread")]
async fn workers_that_die_stop_freeze_or_wait_lose_nothing() {
    hold(&of_workers(Length::Short).await.unwrap(), 8);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_broker_that_dies_stays_away_or_forgets_everything_loses_nothing() {
    hold(&of_the_broker(Length::Short).await.unwrap(), 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_nobody_can_work_on_takes_nothing_from_the_messages_behind_it() {
    hold(&of_poison(Length::Short).await.unwrap(), 6);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_relay_that_refuses_or_hangs_up_loses_nothing_and_is_believed() {
    hold(&of_the_relay(Length::Short).await.unwrap(), 12);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_gateway_that_refuses_or_hangs_up_loses_nothing_and_is_believed() {
    hold(&of_the_gateway(Length::Short).await.unwrap(), 8);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_code_does_not_wait_behind_the_notices_of_a_mass_reset() {
    hold(&of_a_flood(Length::Short).await.unwrap(), 1);
}

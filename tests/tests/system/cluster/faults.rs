//! Faults, as often as a test run bears; `./just faults` has the long form.

use twostep_tests::faults::{Length, Row, all, table};

#[tokio::test(flavor = "multi_thread")]
async fn whatever_goes_wrong_nothing_is_lost_and_every_message_ends_once() {
    let rows = all(Length::Short).await.unwrap();
    assert!(rows.len() >= 10 && rows.iter().all(|row| row.intents > 0));
    assert!(rows.iter().all(Row::holds), "\n{}", table(&rows));
}

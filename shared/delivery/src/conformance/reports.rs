//! Reports: at least once.

use std::time::Duration;

use super::Harness;
use super::requests::code;
use crate::{Outcome, Report, Request};

const A_LITTLE: Duration = Duration::from_millis(10);

fn expired(harness: &dyn Harness, label: &str) -> Report {
    let Request { id, company, channel, .. } = code(harness, label);
    Report { id, company, channel, round: Some(0), attempts: 2, at: harness.now(), outcome: Outcome::Expired }
}

async fn next(harness: &dyn Harness) -> Report {
    harness.reports().next().await.expect("it is there").report().clone()
}

pub(super) async fn a_report_comes_out_as_it_went_in(harness: &dyn Harness) {
    let (one, two) = (expired(harness, "one"), expired(harness, "two"));
    for report in [&one, &two] {
        harness.reporter().report(report).await.expect("it is taken");
    }
    assert_eq!([next(harness).await, next(harness).await], [one, two]);
}

pub(super) async fn a_report_comes_again_until_it_is_acknowledged(harness: &dyn Harness) {
    let report = expired(harness, "a");
    harness.reporter().report(&report).await.expect("it is taken");
    assert_eq!(next(harness).await, report);
    harness.pass(harness.patience() + A_LITTLE).await;
    let again = harness.reports().next().await.expect("it came again");
    assert_eq!(*again.report(), report);
    again.acknowledge().await.expect("it is ours");
    harness.pass(harness.patience() + A_LITTLE).await;
    let third = tokio::time::timeout(harness.moment(), harness.reports().next()).await;
    assert!(third.is_err(), "an acknowledged report came again");
}

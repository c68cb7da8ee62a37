//! What each answer of a relay means.

use chrono::TimeDelta;
use serde_json::json;
use twostep_delivery::{BreakerState, SubmitError};
use twostep_domain::delivery::Failure;

use crate::fixture::Fixture;

/// The class of an answer, and its reason.
fn class(error: &SubmitError) -> (&'static str, &str) {
    match error {
        SubmitError::Retry { reason, .. } => ("retry", reason),
        SubmitError::Reject { because: Failure::Configuration, reason } => ("configuration", reason),
        SubmitError::Reject { reason, .. } => ("reject", reason),
        SubmitError::Unknown { reason, .. } => ("unknown", reason),
    }
}

/// r: tried again, c: our configuration, j: rejected.
#[tokio::test]
async fn every_code_has_its_class_at_every_stage() {
    let codes = [421, 450, 451, 452, 535, 550, 552, 554];
    for (stage, said, classes) in [
        ("connect", "at connect", "rrrrcccc"),
        ("auth", "at AUTH", "rrrrcccc"),
        ("mail", "at MAIL", "rrrrcccc"),
        ("rcpt", "at RCPT", "rrrrcjjj"),
        ("data", "at DATA", "rrrrcjjj"),
        ("end_of_data", "after the final dot", "rrrrcjjj"),
    ] {
        for (code, expected) in codes.into_iter().zip(classes.chars()) {
            let fixture = Fixture::new(1).await;
            fixture.fault(0, json!({ "stage": stage, "reply": code })).await;
            let error = fixture.send().await.unwrap_err();
            let (found, reason) = class(&error);
            let expected = match expected {
                'r' => "retry",
                'c' => "configuration",
                _ => "reject",
            };
            assert!(
                found == expected && reason.ends_with(&format!("{code} {said}")),
                "{stage} {code}: {error}"
            );
            assert!(fixture.received(0).await.is_empty(), "{stage} {code}");
        }
    }
}

#[tokio::test]
async fn a_connection_that_is_lost_before_the_mail_is_retried_and_one_lost_with_it_is_unknown() {
    for (stage, expected, kept) in [
        ("connect", "retry", 0),
        ("rcpt", "retry", 0),
        ("data", "retry", 0),
        ("body", "unknown", 0),
        ("end_of_data", "unknown", 1),
    ] {
        let fixture = Fixture::new(1).await;
        fixture.fault(0, json!({ "stage": stage, "drop": true })).await;
        let error = fixture.send().await.unwrap_err();
        assert_eq!(class(&error).0, expected, "{stage}: {error}");
        assert_eq!(fixture.received(0).await.len(), kept, "{stage}");
    }
}

#[tokio::test]
async fn after_a_refused_recipient_the_connection_goes_on() {
    let fixture = Fixture::new(1).await;
    fixture.fault(0, json!({ "stage": "rcpt", "reply": 550, "times": 1 })).await;
    assert!(fixture.send().await.is_err());
    fixture.send().await.unwrap();
    assert_eq!(fixture.received(0).await.len(), 1);
}

#[tokio::test]
async fn a_kept_connection_that_died_is_replaced_at_once() {
    let fixture = Fixture::new(1).await;
    fixture.send().await.unwrap();
    fixture.fault(0, json!({ "stage": "mail", "drop": true, "times": 1 })).await;
    fixture.send().await.unwrap();
    assert_eq!(fixture.received(0).await.len(), 2);
}

#[tokio::test]
async fn another_relay_takes_what_the_first_can_not() {
    let fixture = Fixture::new(2).await;
    fixture.fault(0, json!({ "stage": "connect", "reply": 421 })).await;
    for _ in 0..4 {
        assert_eq!(fixture.send().await.unwrap().provider, "relay-1");
    }
    let states: Vec<_> = fixture.channel.relays().map(|(_, state)| state).collect();
    assert!(matches!(states[0], BreakerState::Open { misconfigured: false, .. }), "{states:?}");
    assert_eq!(states[1], BreakerState::Closed { failures: 0 });
    // It is asked again after its time.
    fixture.fault(0, json!({ "stage": "rcpt", "address": "nobody", "reply": 550 })).await;
    fixture.clock.advance(TimeDelta::seconds(31));
    assert_eq!(fixture.send().await.unwrap().provider, "relay-0");
}

#[tokio::test]
async fn refused_credentials_open_the_breaker_and_blame_nobody() {
    let fixture = Fixture::new(1).await;
    fixture.fault(0, json!({ "stage": "auth", "reply": 535, "times": 1 })).await;
    for _ in 0..2 {
        assert_eq!(class(&fixture.send().await.unwrap_err()).0, "configuration");
    }
    fixture.clock.advance(TimeDelta::seconds(31));
    fixture.send().await.unwrap();
}

#[tokio::test]
async fn nothing_goes_to_another_relay_when_the_first_may_have_it() {
    let fixture = Fixture::new(2).await;
    fixture.fault(0, json!({ "stage": "end_of_data", "drop": true })).await;
    assert_eq!(class(&fixture.send().await.unwrap_err()).0, "unknown");
    assert!(fixture.received(1).await.is_empty());
}

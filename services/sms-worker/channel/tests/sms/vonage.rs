//! Vonage's SMS API: what it is asked, and what its answers mean.

use std::time::Duration;

use serde_json::{Value, json};
use twostep_delivery::SubmitError;
use wiremock::matchers::{body_string_contains, header, method, path};
use wiremock::{Mock, MockServer, ResponseTemplate};

use crate::answers::{answering, with};
use crate::fixture::{NUMBER, channel, class, send, vonage};

fn taken() -> Value {
    let message = json!({ "to": "4915112345678", "message-id": "0A01", "status": "0", "network": "26201" });
    json!({ "message-count": "1", "messages": [message] })
}

/// A refusal as Vonage words it: with status 200.
fn refused(status: &str) -> ResponseTemplate {
    let text = format!("Not for {NUMBER}");
    with(200, json!({ "message-count": "1", "messages": [{ "status": status, "error-text": text }] }))
}

#[tokio::test]
async fn every_answer_of_vonage_has_its_class() {
    let cases = [
        (with(200, taken()), "accepted", "0A01"),
        (refused("1"), "retry", "error 1 with status 200"),
        (refused("2"), "configuration", "error 2"),
        (refused("3"), "reject", "error 3"),
        (refused("4"), "configuration", "error 4"),
        (refused("5"), "retry", "error 5"),
        (refused("6"), "reject", "error 6"),
        (refused("7"), "reject", "blocked: error 7"),
        (refused("8"), "configuration", "error 8"),
        (refused("9"), "configuration", "error 9"),
        (refused("10"), "retry", "error 10"),
        (refused("11"), "configuration", "error 11"),
        (refused("12"), "reject", "error 12"),
        (refused("14"), "configuration", "error 14"),
        (refused("15"), "reject", "error 15"),
        (refused("22"), "reject", "error 22"),
        (refused("23"), "configuration", "error 23"),
        (refused("29"), "reject", "error 29"),
        (refused("32"), "configuration", "error 32"),
        (refused("33"), "reject", "error 33"),
        (refused("4711"), "reject", "error 4711"),
        (refused(NUMBER), "reject", "error (unlisted)"),
        (with(401, json!({ "error-code": "401" })), "configuration", "status 401"),
        (ResponseTemplate::new(429), "retry", "status 429"),
        (ResponseTemplate::new(500), "retry", "status 500"),
        (ResponseTemplate::new(503), "retry", "status 503"),
        (ResponseTemplate::new(504), "unknown", "status 504"),
        (ResponseTemplate::new(200).set_body_string("{\"messages\":["), "unknown", "status 200"),
        (with(200, json!({ "message-count": "0", "messages": [] })), "unknown", "without a status"),
    ];
    for (template, expected, said) in cases {
        let server = answering(template).await;
        let (found, reason) = class(&send(&channel([vonage(&server.uri())])).await);
        assert_eq!(found, expected, "{said}: {reason}");
        assert!(reason.contains(said), "{said}: {reason}");
    }
}

#[tokio::test]
async fn vonage_s_retry_after_is_handed_on_and_its_redirects_are_not_followed() {
    let busy = answering(ResponseTemplate::new(429).insert_header("retry-after", "17")).await;
    let error = send(&channel([vonage(&busy.uri())])).await.unwrap_err();
    assert!(
        matches!(error, SubmitError::Retry { after: Some(after), .. } if after == Duration::from_secs(17))
    );
    let elsewhere = answering(with(200, taken())).await;
    let moved = ResponseTemplate::new(302).insert_header("location", elsewhere.uri().as_str());
    let moved = answering(moved).await;
    assert_eq!(class(&send(&channel([vonage(&moved.uri())])).await).0, "configuration");
    assert!(elsewhere.received_requests().await.unwrap().is_empty());
}

#[tokio::test]
async fn vonage_is_asked_by_form_and_basic_auth() {
    let server = MockServer::start().await;
    Mock::given(method("POST"))
        .and(path("/sms/json"))
        .and(header("authorization", "Basic a2V5MTpzZWNyZXQ="))
        .and(body_string_contains("from=Rescue&to=4915112345678&text=123456+"))
        .and(body_string_contains("%40x.example+%23123456&type=text"))
        .respond_with(with(200, taken()))
        .mount(&server)
        .await;
    assert_eq!(class(&send(&channel([vonage(&server.uri())])).await), ("accepted", "0A01".to_owned()));
}

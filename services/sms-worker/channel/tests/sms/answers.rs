//! What each answer of a provider means.

use std::time::Duration;

use serde_json::{Value, json};
use twostep_delivery::SubmitError;
use wiremock::matchers::{body_json, body_string_contains, header, method, path};
use wiremock::{Mock, MockServer, ResponseTemplate};

use crate::fixture::{NUMBER, channel, class, refusal, send, twilio, webhook};

pub async fn answering(template: ResponseTemplate) -> MockServer {
    let server = MockServer::start().await;
    Mock::given(method("POST")).respond_with(template).mount(&server).await;
    server
}

pub fn with(status: u16, body: Value) -> ResponseTemplate {
    ResponseTemplate::new(status).set_body_json(body)
}

#[tokio::test]
async fn every_answer_of_twilio_has_its_class() {
    let cases = [
        (with(201, json!({ "sid": "SM1", "status": "queued", "error_code": null })), "accepted", "SM1"),
        (
            with(201, json!({ "sid": "SM1", "status": "failed", "error_code": 21610 })),
            "reject",
            "blocked: error 21610",
        ),
        (with(200, refusal(21211, 400)), "reject", "error 21211 with status 200"),
        (with(400, refusal(21211, 400)), "reject", "error 21211 with status 400"),
        (with(400, refusal(21610, 400)), "reject", "blocked: error 21610"),
        (with(400, refusal(21606, 400)), "configuration", "error 21606"),
        (with(401, refusal(20003, 401)), "configuration", "error 20003"),
        (with(403, refusal(20403, 403)), "configuration", "error 20403"),
        (with(400, refusal(21401, 400)), "configuration", "error 21401"),
        (with(403, refusal(21408, 403)), "reject", "error 21408"),
        (with(400, refusal(21608, 400)), "reject", "error 21608"),
        (with(400, refusal(21635, 400)), "reject", "error 21635"),
        (with(400, refusal(60728, 400)), "retry", "error 60728"),
        (with(201, json!({ "sid": "SM1", "status": "failed", "error_code": 30003 })), "retry", "error 30003"),
        (
            with(201, json!({ "sid": "SM1", "status": "failed", "error_code": 30034 })),
            "reject",
            "error 30034",
        ),
        (with(400, refusal(99999, 400)), "reject", "error 99999"),
        (with(429, refusal(20429, 429)), "retry", "error 20429"),
        (with(500, refusal(20500, 500)), "retry", "error 20500"),
        (ResponseTemplate::new(503), "retry", "status 503"),
        (ResponseTemplate::new(504), "unknown", "status 504"),
        (ResponseTemplate::new(201).set_body_string("{\"sid\":"), "unknown", "status 201"),
    ];
    for (template, expected, said) in cases {
        let server = answering(template).await;
        let (found, reason) = class(&send(&channel([twilio(&server.uri())])).await);
        assert_eq!(found, expected, "{said}: {reason}");
        assert!(reason.contains(said), "{said}: {reason}");
    }
}

#[tokio::test]
async fn retry_after_is_handed_on() {
    let server = answering(ResponseTemplate::new(429).insert_header("retry-after", "17")).await;
    let error = send(&channel([twilio(&server.uri())])).await.unwrap_err();
    assert!(
        matches!(error, SubmitError::Retry { after: Some(after), .. } if after == Duration::from_secs(17))
    );
    let silent = answering(ResponseTemplate::new(429)).await;
    let error = send(&channel([twilio(&silent.uri())])).await.unwrap_err();
    assert!(matches!(error, SubmitError::Retry { after: None, .. }));
}

#[tokio::test]
async fn redirects_are_not_followed() {
    let elsewhere = answering(ResponseTemplate::new(201)).await;
    let server =
        answering(ResponseTemplate::new(307).insert_header("location", elsewhere.uri().as_str())).await;
    assert_eq!(class(&send(&channel([twilio(&server.uri())])).await).0, "configuration");
    assert!(elsewhere.received_requests().await.unwrap().is_empty());
}

#[tokio::test]
async fn twilio_is_asked_by_form_and_basic_auth() {
    let server = MockServer::start().await;
    Mock::given(path("/2010-04-01/Accounts/AC1/Messages.json"))
        .and(header("authorization", "Basic QUMxOnRva2Vu"))
        .and(body_string_contains("To=%2B4915112345678"))
        .and(body_string_contains("From=%2B15005550006"))
        .and(body_string_contains("%40x.example+%23123456"))
        .respond_with(with(201, json!({ "sid": "SM1" })))
        .mount(&server)
        .await;
    assert_eq!(class(&send(&channel([twilio(&server.uri())])).await), ("accepted", "SM1".to_owned()));
}

#[tokio::test]
async fn a_webhook_is_asked_and_understood_as_its_settings_say() {
    let server = MockServer::start().await;
    let text = "123456 is your sign-in code for Acme \"quoted\". Give it to nobody.\n\n@x.example #123456";
    let id = twostep_domain::DeliveryId::derived(uuid::Uuid::nil(), "a").to_string();
    Mock::given(path("/send"))
        .and(header("authorization", "Bearer x"))
        .and(header("x-sender", "us"))
        .and(header("content-type", "application/json"))
        .and(body_json(json!({ "to": NUMBER, "text": text, "ref": id })))
        .respond_with(with(202, json!({ "id": 4711 })))
        .mount(&server)
        .await;
    let url = format!("{}/send", server.uri());
    assert_eq!(class(&send(&channel([webhook(&url)])).await), ("accepted", "4711".to_owned()));
    for (answer, expected) in [
        (with(200, json!({ "error": "stopped" })), "reject"),
        (with(200, json!({ "error": "busy" })), "retry"),
        (with(200, json!({ "error": "never heard of" })), "reject"),
        (with(403, json!({})), "configuration"),
        (ResponseTemplate::new(429), "retry"),
        (ResponseTemplate::new(500), "retry"),
        (ResponseTemplate::new(200).set_body_string("{\"id\":"), "unknown"),
        (ResponseTemplate::new(302).insert_header("location", "http://127.0.0.1:1/"), "configuration"),
    ] {
        let server = answering(answer).await;
        assert_eq!(class(&send(&channel([webhook(&server.uri())])).await).0, expected);
    }
}

#[tokio::test]
async fn another_provider_takes_what_the_first_can_not() {
    let down = answering(ResponseTemplate::new(503)).await;
    let up = answering(with(201, json!({ "sid": "SM2" }))).await;
    let two = channel([twilio(&down.uri()), twilio(&up.uri())]);
    for _ in 0..5 {
        assert_eq!(send(&two).await.unwrap().provider, "provider-1");
    }
    assert_eq!(down.received_requests().await.unwrap().len(), 3, "its breaker opened");
}

#[tokio::test]
async fn providers_serve_the_prefixes_they_are_there_for() {
    let server = answering(with(201, json!({ "sid": "SM1" }))).await;
    let mut american = twilio(&server.uri());
    american.prefixes = vec!["+1".to_owned()];
    assert_eq!(class(&send(&channel([american.clone()])).await).0, "configuration");
    let mut european = twilio(&server.uri());
    european.prefixes = vec!["+44".to_owned(), "+49".to_owned()];
    assert_eq!(send(&channel([american, european])).await.unwrap().provider, "provider-1");
}

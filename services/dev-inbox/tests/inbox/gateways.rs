//! The SMS gateways and the JSON side.

use serde_json::{Value, json};
use twostep_dev_inbox::Received;

use crate::fixture::Fixture;

const TWILIO: &str = "/2010-04-01/Accounts/AC1/Messages.json";

async fn text(fixture: &Fixture, to: &str, text: &str) -> reqwest::Result<reqwest::Response> {
    fixture.client.post(fixture.url("/sms")).json(&json!({ "to": to, "text": text })).send().await
}

#[tokio::test]
async fn texts_are_taken_as_twilio_takes_them() {
    let fixture = Fixture::new().await;
    let form = [
        ("To", "+4915112345678"),
        ("From", "+15005550006"),
        ("Body", "123456 is your code\n@x.example #123456"),
    ];
    let post = || fixture.client.post(fixture.url(TWILIO)).form(&form);
    assert_eq!(post().send().await.unwrap().status(), 401);
    let answer = post().basic_auth("AC1", Some("secret")).send().await.unwrap();
    assert_eq!(answer.status(), 201);
    let answer: Value = answer.json().await.unwrap();
    assert!(answer["sid"].as_str().unwrap().starts_with("SM"));
    let received = fixture.next("to=+4915112345678&channel=sms").await;
    assert_eq!(received.code.as_deref(), Some("123456"));
    let refused =
        fixture.client.post(fixture.url(TWILIO)).form(&[("To", "123")]).basic_auth("AC1", Some("s"));
    let refused: Value = refused.send().await.unwrap().json().await.unwrap();
    assert_eq!(refused["code"], 21211);
}

#[tokio::test]
async fn messages_are_listed_filtered_and_forgotten() {
    let fixture = Fixture::new().await;
    for (to, body) in [("+1", "one"), ("+2", "two"), ("+1", "three")] {
        assert_eq!(text(&fixture, to, body).await.unwrap().status(), 202);
    }
    let list = async |query: &str| -> Vec<String> {
        let messages: Vec<Received> = fixture.get(&format!("/messages?{query}")).await.json().await.unwrap();
        messages.into_iter().map(|message| message.text).collect()
    };
    assert_eq!(list("").await, ["one", "two", "three"]);
    assert_eq!(list("to=%2B1").await, ["one", "three"]);
    assert_eq!(list("to=%2B1&after=1").await, ["three"]);
    assert_eq!(list("channel=email").await, [""; 0]);
    let one: Received = fixture.get("/messages/2").await.json().await.unwrap();
    assert_eq!(one.text, "two");
    assert_eq!(fixture.client.delete(fixture.url("/messages")).send().await.unwrap().status(), 204);
    assert_eq!(fixture.get("/messages/2").await.status(), 404);
    assert_eq!(fixture.get("/messages/next?timeout=0").await.status(), 204);
}

#[tokio::test]
async fn whoever_waits_gets_the_next_message() {
    let fixture = Fixture::new().await;
    text(&fixture, "+1", "old").await.unwrap();
    let (next, sent) = tokio::join!(fixture.next("to=%2B1&after=1"), text(&fixture, "+1", "new"));
    assert_eq!((next.text.as_str(), sent.unwrap().status().as_u16()), ("new", 202));
}

#[tokio::test]
async fn faults_answer_in_the_gateways_place() {
    let fixture = Fixture::new().await;
    let busy = json!({ "to": "+1", "status": 429, "retry_after": 7, "body": "{\"code\":20429}", "times": 1 });
    fixture.faults(json!({ "sms": [busy, { "to": "+1", "reset": true, "times": 1 }] })).await;
    let answer = text(&fixture, "+1", "busy").await.unwrap();
    assert_eq!((answer.status().as_u16(), answer.headers()["retry-after"].to_str().unwrap()), (429, "7"));
    assert_eq!(answer.text().await.unwrap(), "{\"code\":20429}");
    assert!(text(&fixture, "+1", "lost").await.is_err());
    assert_eq!(fixture.next("").await.text, "lost");
    assert_eq!(text(&fixture, "+1", "taken").await.unwrap().status(), 202);
    let wrong =
        fixture.client.put(fixture.url("/faults")).json(&json!({ "males": [] })).send().await.unwrap();
    assert_eq!(wrong.status(), 422);
}

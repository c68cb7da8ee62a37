//! A fault's delay holds up the one whom it strikes, and nobody else.

use serde_json::{Value, json};
use twostep_dev_inbox::Received;

use crate::fixture::Fixture;

/// Longer than any test: what waits for it never comes.
const HOUR: u32 = 3_600_000;

/// A whole conversation at once (RFC 2920), which leaves a mail with this subject.
fn mail(subject: &str) -> String {
    let text = "A text of more than a line.";
    format!(
        "EHLO test\r\nAUTH PLAIN AGEAYg==\r\nMAIL FROM:<a@x.example>\r\nRCPT TO:<b@x.example>\r\nDATA\r\n\
         Subject: {subject}\r\n\r\n{text}\r\n."
    )
}

/// Waits until the only fault, which strikes once, has struck.
async fn struck(fixture: &Fixture, channel: &str) {
    let left = async || {
        let faults: Value = fixture.get("/faults").await.json().await.unwrap();
        faults[channel][0]["times"].as_u64()
    };
    while left().await != Some(0) {}
}

async fn kept(fixture: &Fixture) -> Vec<Received> {
    fixture.get("/messages").await.json().await.unwrap()
}

#[tokio::test]
async fn a_mail_that_is_delayed_waits_at_its_stage_while_others_pass() {
    for stage in ["connect", "auth", "mail", "rcpt", "data", "body", "end_of_data"] {
        let fixture = Fixture::new().await;
        fixture.faults(json!({ "mail": [{ "stage": stage, "delay_ms": HOUR, "times": 1 }] })).await;
        let mut late = fixture.dial().await;
        late.write(&mail("late")).await;
        struck(&fixture, "mail").await;
        let mut quick = fixture.dial().await;
        quick.write(&mail("quick")).await;
        assert_eq!(fixture.next("").await.subject.as_deref(), Some("quick"), "{stage}");
        assert_eq!(kept(&fixture).await.len(), 1, "{stage}: the delay held up nothing");
    }
}

#[tokio::test]
async fn a_mail_arrives_after_its_delay() {
    let fixture = Fixture::new().await;
    fixture.faults(json!({ "mail": [{ "stage": "mail", "delay_ms": 5 }] })).await;
    let mut late = fixture.dial().await;
    late.write(&mail("late")).await;
    assert_eq!(fixture.next("").await.subject.as_deref(), Some("late"));
}

#[tokio::test]
async fn a_text_that_is_delayed_waits_while_others_pass() {
    let fixture = Fixture::new().await;
    let text = |text: &str| {
        let post = fixture.client.post(fixture.url("/sms"));
        post.json(&json!({ "to": "+1", "text": text })).send()
    };
    fixture.faults(json!({ "sms": [{ "delay_ms": HOUR, "times": 1 }] })).await;
    let late = tokio::spawn(text("late"));
    struck(&fixture, "sms").await;
    assert_eq!(text("quick").await.unwrap().status(), 202);
    let texts: Vec<_> = kept(&fixture).await.into_iter().map(|message| message.text).collect();
    assert_eq!(texts, ["quick"]);
    assert!(!late.is_finished(), "it was answered before its time");
    late.abort();

    fixture.faults(json!({ "sms": [{ "delay_ms": 5 }] })).await;
    assert_eq!(text("after a moment").await.unwrap().status(), 202);
}

//! The mail server.

use serde_json::json;
use twostep_dev_inbox::Channel;

use crate::fixture::{Dialogue, Fixture};

async fn envelope(fixture: &Fixture) -> Dialogue {
    let mut dialogue = fixture.dial().await;
    assert!(dialogue.hear().await.starts_with("220 "));
    assert!(dialogue.say("EHLO test").await.starts_with("250 "));
    assert!(dialogue.say("MAIL FROM:<a@x.example>").await.starts_with("250 "));
    dialogue
}

#[tokio::test]
async fn a_mail_is_kept_as_it_was_written() {
    let fixture = Fixture::new().await;
    let mut dialogue = envelope(&fixture).await;
    assert!(dialogue.say("RCPT TO:<Ada@x.example>").await.starts_with("250 "));
    assert!(dialogue.say("DATA").await.starts_with("354 "));
    let mail = "From: Acme <a@x.example>\r\nSubject: Hello\r\n\r\n..stuffed\r\nYour code: 123 456\r\nhttps://x.example/v\r\n.";
    assert!(dialogue.say(mail).await.starts_with("250 "));
    let received = fixture.next("to=ada@x.example&channel=email").await;
    assert_eq!((received.channel, received.subject.as_deref()), (Channel::Email, Some("Hello")));
    assert_eq!((received.from.as_str(), received.html), ("Acme <a@x.example>", None));
    assert_eq!(received.text.lines().next(), Some(".stuffed"));
    assert_eq!(received.code.as_deref(), Some("123456"));
    assert_eq!(received.links, ["https://x.example/v"]);
    assert!(dialogue.say("QUIT").await.starts_with("221 "));
    assert_eq!(dialogue.rest().await, "");
}

#[tokio::test]
async fn commands_out_of_order_are_refused() {
    let fixture = Fixture::new().await;
    let mut dialogue = fixture.dial().await;
    dialogue.hear().await;
    for (line, code) in [("DATA", "503"), ("RCPT TO:<a@x.example>", "503"), ("FOO", "500"), ("MAIL a", "501")]
    {
        assert_eq!(&dialogue.say(line).await[..3], code, "{line}");
    }
    assert!(dialogue.say("NOOP").await.starts_with("250 "));
    assert!(dialogue.say("AUTH PLAIN").await.starts_with("334 "));
    assert!(dialogue.say("AGEAYg==").await.starts_with("235 "));
}

#[tokio::test]
async fn a_bare_line_feed_before_a_dot_does_not_end_the_mail() {
    let fixture = Fixture::new().await;
    let mut dialogue = envelope(&fixture).await;
    dialogue.say("RCPT TO:<a@x.example>").await;
    dialogue.say("DATA").await;
    assert!(
        dialogue
            .say("Subject: one\r\n\r\nsmuggled\n.\r\nMAIL FROM:<b@x.example>\r\n.")
            .await
            .starts_with("250 ")
    );
    assert!(fixture.next("").await.text.contains("MAIL FROM:<b@x.example>"));
}

#[tokio::test]
async fn a_mail_that_is_too_large_is_refused_and_the_conversation_goes_on() {
    let fixture = Fixture::new().await;
    let mut dialogue = envelope(&fixture).await;
    dialogue.say("RCPT TO:<a@x.example>").await;
    dialogue.say("DATA").await;
    let large = format!("{}\r\n.", "x".repeat(1024 * 1024 + 1));
    assert!(dialogue.say(&large).await.starts_with("552 "));
    assert!(dialogue.say("NOOP").await.starts_with("250 "));
}

#[tokio::test]
async fn faults_strike_where_they_are_told_and_as_often() {
    let fixture = Fixture::new().await;
    let faults = json!({ "mail": [
        { "stage": "rcpt", "address": "ada@x.example", "reply": 450, "times": 1 },
        { "stage": "end_of_data", "address": "ada@x.example", "drop": true },
    ]});
    fixture.faults(faults).await;
    let mut dialogue = envelope(&fixture).await;
    assert!(dialogue.say("RCPT TO:<bob@x.example>").await.starts_with("250 "));
    assert!(dialogue.say("RCPT TO:<ada@x.example>").await.starts_with("450 "));
    assert!(dialogue.say("RCPT TO:<ada@x.example>").await.starts_with("250 "));
    dialogue.say("DATA").await;
    assert_eq!(dialogue.say("Subject: x\r\n\r\ntext\r\n.").await, "");
    assert_eq!(fixture.next("to=ada@x.example").await.subject.as_deref(), Some("x"));

    fixture.faults(json!({ "mail": [{ "stage": "connect", "reply": 421 }] })).await;
    let mut refused = fixture.dial().await;
    assert!(refused.hear().await.starts_with("421 "));
    assert_eq!(refused.rest().await, "");
}

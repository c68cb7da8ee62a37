//! What arrives.

use twostep_delivery::Submit as _;
use twostep_delivery::SubmitError;
use twostep_domain::delivery::{Failure, MessageKind};

use crate::fixture::{Fixture, payload, request};

#[tokio::test]
async fn a_code_arrives_with_our_own_id_and_text_before_html() {
    let fixture = Fixture::new(1).await;
    let accepted = fixture.send().await.unwrap();
    assert_eq!(accepted.provider, "relay-0");
    let [mail] = fixture.received(0).await.try_into().unwrap();
    let header = |name: &str| {
        let found = mail.headers.iter().find(|(other, _)| other.eq_ignore_ascii_case(name));
        found.unwrap_or_else(|| panic!("{name} in {:?}", mail.headers)).1.clone()
    };
    assert_eq!(mail.to, ["ada@x.example"]);
    assert_eq!(mail.from, "\"Acme via Rescue\" <no-reply@twostep.example>");
    assert_eq!(header("Message-ID"), format!("<{}@twostep.example>", request(MessageKind::Locked).id));
    assert_eq!(header("Auto-Submitted"), "auto-generated");
    assert_eq!(header("Content-Language"), "en");
    assert_eq!(header("Date"), "Thu, 01 Jan 1970 00:00:00 +0000");
    assert_eq!(mail.subject.as_deref(), Some("Your sign-in code for Acme"));
    assert_eq!(mail.code.as_deref(), Some("123456"));
    assert!(mail.text.contains("Your code: 123 456"), "{}", mail.text);
    assert!(mail.text.contains("Using: the Technician Console"), "{}", mail.text);
    assert!(mail.html.unwrap().contains("123 456"));
    assert!(header("Content-Type").starts_with("multipart/alternative"));
}

#[tokio::test]
async fn s29_names_inject_no_headers() {
    let fixture = Fixture::new(1).await;
    let mut payload = payload();
    payload.person = "Ada\r\nBcc: eve@x.example\r\n\r\nhello".to_owned();
    payload.sender = "Acme\nX-Evil: 1".to_owned();
    payload.company = "Ünïted\r\nX-Evil: 2".to_owned();
    fixture.channel.submit(&request(MessageKind::SignInCode), &payload).await.unwrap();
    let [mail] = fixture.received(0).await.try_into().unwrap();
    assert_eq!(mail.to, ["ada@x.example"]);
    let names: Vec<_> = mail.headers.iter().map(|(name, _)| name.to_lowercase()).collect();
    assert!(!names.iter().any(|name| name == "bcc" || name == "x-evil"), "{names:?}");
    assert_eq!(mail.subject.as_deref(), Some("Your sign-in code for Ünïted X-Evil: 2"));
}

#[tokio::test]
async fn what_is_no_address_is_refused_before_anybody_is_asked() {
    let fixture = Fixture::new(1).await;
    let mut payload = payload();
    payload.destination = "ada@x.example>\r\nRCPT TO:<eve@x.example".to_owned();
    let refused = fixture.channel.submit(&request(MessageKind::SignInCode), &payload).await;
    assert!(matches!(refused, Err(SubmitError::Reject { because: Failure::Rejected, .. })), "{refused:?}");
    assert!(fixture.received(0).await.is_empty());
}

#[tokio::test]
async fn many_mails_share_few_connections() {
    let fixture = Fixture::new(1).await;
    for _ in 0..5 {
        fixture.send().await.unwrap();
    }
    // The greeting is only met by new connections.
    fixture.fault(0, serde_json::json!({ "stage": "connect", "reply": 421 })).await;
    fixture.send().await.unwrap();
    assert_eq!(fixture.received(0).await.len(), 6);
}

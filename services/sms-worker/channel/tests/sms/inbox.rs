//! The channel and the inbox's gateways.

use std::sync::Arc;

use serde_json::{Value, json};
use twostep_clock::SystemClock;
use twostep_dev_inbox::{Received, Running, start};

use crate::fixture::{NUMBER, channel, class, send, twilio, webhook};

async fn inbox() -> Running {
    start(twostep_dev_inbox::Config::default(), Arc::new(SystemClock)).await.unwrap()
}

fn url(inbox: &Running, path: &str) -> String {
    format!("http://{}{path}", inbox.http_addr)
}

async fn received(inbox: &Running) -> Vec<Received> {
    reqwest::get(url(inbox, "/messages")).await.unwrap().json().await.unwrap()
}

async fn fault(inbox: &Running, fault: Value) {
    let body = json!({ "sms": [fault] });
    let put = reqwest::Client::new().put(url(inbox, "/faults")).json(&body).send().await.unwrap();
    assert_eq!(put.status(), 204);
}

#[tokio::test]
async fn a_code_arrives_through_both_gateways() {
    let inbox = inbox().await;
    for gateway in [twilio(&url(&inbox, "")), webhook(&url(&inbox, "/sms"))] {
        let accepted = send(&channel([gateway])).await.unwrap();
        assert!(accepted.provider_id.is_some());
        let text = received(&inbox).await.pop().unwrap();
        assert_eq!(text.to, [NUMBER]);
        assert_eq!(text.code.as_deref(), Some("123456"));
        assert_eq!(text.text.lines().last(), Some("@x.example #123456"));
        assert!(text.links.is_empty());
    }
}

#[tokio::test]
async fn an_answer_that_got_lost_is_unknown_and_nobody_else_is_asked() {
    let (first, second) = (inbox().await, inbox().await);
    fault(&first, json!({ "reset": true })).await;
    let ways = [twilio(&url(&first, "")), webhook(&url(&first, "/sms"))];
    for (taken, way) in (1..).zip(ways) {
        let two = channel([way, twilio(&url(&second, ""))]);
        assert_eq!(class(&send(&two).await).0, "unknown");
        assert_eq!((received(&first).await.len(), received(&second).await.len()), (taken, 0));
    }
}

#[tokio::test]
async fn a_busy_gateway_is_retried_and_one_that_is_gone_too() {
    let inbox = inbox().await;
    fault(&inbox, json!({ "to": NUMBER, "status": 429, "retry_after": 3, "times": 1 })).await;
    let one = channel([webhook(&url(&inbox, "/sms"))]);
    assert_eq!(class(&send(&one).await).0, "retry");
    assert_eq!(class(&send(&one).await).0, "accepted");
    // A port that was bound and let go: nobody listens there.
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let (class, reason) = class(&send(&channel([twilio(&format!("http://{free}"))])).await);
    assert_eq!(class, "retry");
    assert!(reason.starts_with("provider-0: no connection: check the provider's address"), "{reason}");
}

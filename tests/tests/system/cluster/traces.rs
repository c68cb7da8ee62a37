//! One id through the log output of all programs: W3C Trace Context.

use reqwest::Method;
use twostep_api::{StartSetUp, VerifyEmail};
use twostep_tests::harness::{Plain, Product as _, Workers, answer};

use super::{PATIENCE, Place};

const PARENT: &str = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
const TRACE: &str = "0af7651916cd43dd8448eb211c80319c";

/// What is said at the level of every day about the trace.
fn said(output: &str) -> Vec<&str> {
    output.lines().filter(|line| line.contains(TRACE) && line.contains("\"level\":\"INFO\"")).collect()
}

#[tokio::test]
async fn one_trace_id_finds_what_every_program_says_of_a_request() {
    let place = Place::open("traced", Workers { email: 1, sms: 1 }).await;
    place.hire("ann@traced.example").await;
    let (pending, api) = place.pending("ann@traced.example").await;
    api.start_set_up(&StartSetUp::default()).await.unwrap();
    let address = "ann@home.example".to_owned();
    let plain = Plain::new(&place.cluster.api_url()).unwrap();
    let asked = plain.request(Method::POST, "/api/v1/set-up/email", pending.token.as_deref());
    let asked = asked.header("traceparent", PARENT).json(&VerifyEmail { address: address.clone() });
    let answered = answer(asked).await.unwrap();
    assert_eq!(answered.status, 202, "{answered:?}");
    place.inbox.next_that(&address, 0, |mail| mail.code.is_some()).await.unwrap();
    let recorded = async {
        while !said(&place.cluster.output()).iter().any(|line| line.contains("DeliverySubmitted")) {
            tokio::task::yield_now().await;
        }
    };
    let recorded = tokio::time::timeout(PATIENCE, recorded).await;
    let (service, worker) = (place.cluster.output(), place.cluster.email[0].child.output());
    let (service, worker) = (said(&service), said(&worker));
    assert!(recorded.is_ok(), "no outcome is of the trace: {service:#?}");
    for words in [
        "EmailVerificationRequested",
        "\"route\":\"/api/v1/set-up/email\"",
        "DeliveryRequested",
        "a message was put into the queue",
    ] {
        assert!(service.iter().any(|line| line.contains(words)), "no {words} in {service:#?}");
    }
    assert!(worker.iter().any(|line| line.contains("\"provider\":\"inbox\"")), "{worker:#?}");
}

//! What happened to a message, for whoever is asked about it.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use twostep_api::{ProofKind, StartSetUp, VerifyPhone};
use twostep_tests::harness::Product as _;
use twostep_tests::story::{Raw, Stage, password, token};

use crate::message_trouble::wait_for;

const NUMBER: &str = "+4915123456789";

/// The account holder, in plain HTTP.
async fn holder_of(stage: &Stage) -> Raw {
    let (login, password) = (stage.login("holder"), password("holder"));
    let token = token(&stage.product, &stage.slug, &login, &password).await.unwrap();
    Raw::new(&stage.product).with_token(&token)
}

/// The messages of a page.
async fn page(holder: &Raw, query: &str) -> (Vec<Value>, Option<String>) {
    let answer = holder.call("GET", &format!("/deliveries?{query}"), None).await.unwrap();
    assert_eq!(answer.status, 200, "{answer:?}");
    let body = answer.json().unwrap();
    (body["deliveries"].as_array().unwrap().clone(), body["next"].as_str().map(str::to_owned))
}

#[tokio::test]
async fn s10_master_admins_see_what_happened_to_a_message_and_neither_code_nor_address() {
    let mut stage = Stage::enforcing("asked").await.unwrap();
    let (login, id) = stage.hire("ann").await.unwrap();
    let pending = stage.sign_in(&login).await.unwrap();
    pending.api.start_set_up(&StartSetUp::default()).await.unwrap();
    stage.inbox.misbehave(&json!({ "sms": [{ "status": 503 }] })).await.unwrap();
    pending.api.set_up_phone(&VerifyPhone { number: NUMBER.to_owned() }).await.unwrap();
    wait_for(&pending.api, ProofKind::Sms, "retrying").await;
    let holder = holder_of(&stage).await;
    let (waiting, _) = page(&holder, "state=retrying").await;
    assert_eq!(waiting.len(), 1, "{waiting:?}");
    let message = &waiting[0];
    assert_eq!((&message["kind"], &message["channel"]), (&json!("set_up_code"), &json!("sms")));
    assert_eq!(message["member"], json!(id));
    assert!(message["attempts"].as_u64().unwrap() >= 1, "{message}");
    assert!(message["reason"].as_str().unwrap().contains("status 503"), "{message}");
    assert!(message["next_at"].is_string(), "{message}");
    stage.inbox.misbehave(&json!({})).await.unwrap();
    stage.product.advance(31).await.unwrap();
    let code = stage.inbox.next_that(NUMBER, 0, |text| text.code.is_some()).await.unwrap().code.unwrap();
    wait_for(&pending.api, ProofKind::Sms, "submitted").await;

    let (texts, _) = page(&holder, "channel=sms").await;
    assert_eq!((texts.len(), &texts[0]["id"]), (1, &message["id"]));
    assert_eq!((&texts[0]["state"], &texts[0]["provider"]), (&json!("submitted"), &json!("inbox")));
    assert!(texts[0]["provider_id"].as_str().unwrap().starts_with("SM") && texts[0]["reason"].is_null());
    stage.restart().await.unwrap();
    let (all, _) = page(&holder, "limit=200").await;
    let told = json!(all).to_string();
    for hidden in [NUMBER, &NUMBER[1..], &login, &*code] {
        assert!(!told.contains(hidden), "{hidden} in {told}");
    }

    // Page by page, it is the same.
    let (mut cursor, mut seen) = (String::new(), Vec::new());
    loop {
        let (some, next) = page(&holder, &format!("limit=1{cursor}")).await;
        seen.extend(some);
        let Some(next) = next else { break };
        cursor = format!("&cursor={next}");
    }
    assert_eq!(seen, all);
    let ids: BTreeSet<_> = seen.iter().map(|message| message["id"].to_string()).collect();
    assert!(ids.len() == seen.len() && seen.len() >= 2, "{seen:?}");
    let (of_ann, _) = page(&holder, &format!("member={id}&kind=invitation")).await;
    assert_eq!(of_ann.len(), 1);
    assert_eq!(page(&holder, &format!("member={}", uuid::Uuid::nil())).await, (vec![], None));
}

//! What a provider is handed so that it can say what became of a text.

use serde_json::json;
use twostep_delivery::Reference;
use twostep_domain::{CompanyId, DeliveryId};
use twostep_runtime::Profile;
use twostep_sms_channel::{Config, Gateway, InvalidConfig};
use url::form_urlencoded;
use uuid::Uuid;
use wiremock::MockServer;

use crate::answers::{answering, with};
use crate::fixture::{channel, config, in_profile, send, twilio, vonage, webhook};

fn asked(gateway: Gateway) -> Gateway {
    Gateway { statuses: true, ..gateway }
}

/// The texts' reference, as the fixture's company and message make it.
fn reference() -> String {
    let (company, id) = (CompanyId::derived(Uuid::nil(), "acme"), DeliveryId::derived(Uuid::nil(), "a"));
    Reference { company, id }.to_string()
}

/// The fields of the only form that came.
async fn form(server: &MockServer) -> Vec<(String, String)> {
    let requests = server.received_requests().await.unwrap();
    form_urlencoded::parse(&requests[0].body).into_owned().collect()
}

fn field<'a>(form: &'a [(String, String)], name: &str) -> Option<&'a str> {
    form.iter().find(|(other, _)| other == name).map(|(_, value)| value.as_str())
}

#[tokio::test]
async fn a_provider_is_handed_its_own_address_here_and_the_text_s_reference() {
    let at = |name: &str| format!("https://twostep.example/api/v1/webhooks/sms/{name}");
    let server = answering(with(201, json!({ "sid": "SM1" }))).await;
    send(&channel([asked(twilio(&server.uri()))])).await.unwrap();
    let callback = format!("{}?reference={}", at("provider-0"), reference());
    assert_eq!(field(&form(&server).await, "StatusCallback"), Some(&*callback));

    let taken = json!({ "messages": [{ "status": "0", "message-id": "0A" }] });
    let server = answering(with(200, taken)).await;
    send(&channel([asked(vonage(&server.uri()))])).await.unwrap();
    let sent = form(&server).await;
    assert_eq!(field(&sent, "client-ref"), Some(&*reference()));
    assert_eq!(field(&sent, "callback"), Some(&*at("provider-0")));

    let server = answering(with(202, json!({ "id": 1 }))).await;
    let mut own = webhook(&server.uri());
    own.webhook.as_mut().unwrap().body =
        r#"{"ref":"{reference}","to":"{to}","url":"{status_url}"}"#.to_owned();
    send(&channel([asked(own)])).await.unwrap();
    let requests = server.received_requests().await.unwrap();
    let body: serde_json::Value = requests[0].body_json().unwrap();
    assert_eq!((&body["ref"], &body["url"]), (&json!(reference()), &json!(at("provider-0"))));
}

#[tokio::test]
async fn whoever_is_not_asked_is_handed_nothing() {
    let server = answering(with(201, json!({ "sid": "SM1" }))).await;
    send(&channel([twilio(&server.uri())])).await.unwrap();
    assert_eq!(field(&form(&server).await, "StatusCallback"), None);
    let taken = json!({ "messages": [{ "status": "0", "message-id": "0A" }] });
    let server = answering(with(200, taken)).await;
    send(&channel([vonage(&server.uri())])).await.unwrap();
    let sent = form(&server).await;
    assert_eq!((field(&sent, "client-ref"), field(&sent, "callback")), (None, None));
}

#[test]
fn s28_statuses_want_an_address_that_is_https_in_production() {
    let of = |status_url: Option<&str>, profile| {
        let status_url = status_url.map(|url| url.parse().unwrap());
        in_profile(Config { status_url, ..config([asked(twilio("https://api.twilio.com"))]) }, profile).err()
    };
    assert!(matches!(of(None, Profile::Demo), Some(InvalidConfig::StatusUrl { .. })));
    assert!(of(Some("http://127.0.0.1:8400/"), Profile::Demo).is_none());
    let plain = of(Some("http://twostep.example/"), Profile::Production);
    assert!(matches!(plain, Some(InvalidConfig::StatusUrl { .. })));
    assert!(of(Some("https://twostep.example/"), Profile::Production).is_none());
}

//! Settings that are refused.

use std::time::Duration;

use serde_json::json;
use tokio::net::TcpListener;
use twostep_runtime::Profile;
use twostep_sms_channel::{Config, Gateway, InvalidConfig};

use crate::fixture::{class, config, in_profile, send, twilio, vonage, webhook};

fn refused(gateway: Gateway, profile: Profile) -> InvalidConfig {
    in_profile(config([gateway]), profile).err().unwrap()
}

#[test]
fn s28_production_calls_https_and_public_hosts_only() {
    for url in ["http://sms.example", "https://127.0.0.1", "https://10.0.0.1:8443"] {
        assert!(matches!(refused(twilio(url), Profile::Production), InvalidConfig::Url { .. }), "{url}");
        assert!(matches!(refused(vonage(url), Profile::Production), InvalidConfig::Url { .. }), "{url}");
        assert!(matches!(refused(webhook(url), Profile::Production), InvalidConfig::Url { .. }), "{url}");
        assert!(in_profile(config([twilio(url)]), Profile::Demo).is_ok(), "{url}");
    }
    assert!(in_profile(config([twilio("https://api.twilio.com")]), Profile::Production).is_ok());
}

#[test]
fn incomplete_settings_are_refused() {
    assert!(matches!(in_profile(config([]), Profile::Demo).err(), Some(InvalidConfig::NoProvider)));
    let mut neither = twilio("http://x.example");
    neither.twilio = None;
    assert!(matches!(refused(neither, Profile::Demo), InvalidConfig::Kind { .. }));
    let both = Gateway { vonage: vonage("http://x.example").vonage, ..twilio("http://x.example") };
    assert!(matches!(refused(both, Profile::Demo), InvalidConfig::Kind { .. }));
    let mut no_sender = twilio("http://x.example");
    no_sender.twilio.as_mut().unwrap().from = None;
    assert!(matches!(refused(no_sender, Profile::Demo), InvalidConfig::Sender { .. }));
    let mut no_json = webhook("http://x.example");
    no_json.webhook.as_mut().unwrap().body = "to={to}".to_owned();
    assert!(matches!(refused(no_json, Profile::Demo), InvalidConfig::Body { .. }));
    let mut no_header = webhook("http://x.example");
    no_header.webhook.as_mut().unwrap().headers.insert("x".to_owned(), "a\nb".to_owned());
    assert!(matches!(refused(no_header, Profile::Demo), InvalidConfig::Header { .. }));
}

#[test]
fn unknown_settings_are_refused() {
    let whole = json!({ "providers": { "p": { "webhook": { "url": "https://x.example", "body": "{}" } } } });
    assert!(serde_json::from_value::<Config>(whole).is_ok());
    let wrong = json!({ "providers": { "p": { "webhook": { "url": "https://x.example", "body": "{}", "tls": 0 } } } });
    assert!(serde_json::from_value::<Config>(wrong).is_err());
}

#[tokio::test]
async fn s28_a_name_that_leads_inside_is_not_called_in_production() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("https://localhost:{}", listener.local_addr().unwrap().port());
    for gateway in [twilio(&url), vonage(&url), webhook(&url)] {
        let channel = in_profile(config([gateway]), Profile::Production).unwrap();
        let (class, reason) = class(&send(&channel).await);
        assert!(class == "retry" && reason.contains("no connection"), "{reason}");
    }
    let called = tokio::time::timeout(Duration::ZERO, listener.accept()).await;
    assert!(called.is_err(), "somebody inside was called");
}

//! Settings that are refused.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::json;
use twostep_clock::SystemClock;
use twostep_email_channel::{Config, EmailChannel, InvalidConfig, SmtpSecurity};
use twostep_runtime::Profile;

use crate::fixture::{config, relay};

fn refused(config: Config, profile: Profile) -> InvalidConfig {
    EmailChannel::new(config, profile, Arc::new(SystemClock)).err().unwrap()
}

#[test]
fn plain_text_is_for_the_demo_only() {
    let relays = BTreeMap::from([("r".to_owned(), relay(([127, 0, 0, 1], 25).into(), 0))]);
    let error = refused(config(relays), Profile::Production);
    assert!(matches!(error, InvalidConfig::Plain { .. }), "{error}");
}

#[test]
fn incomplete_settings_are_refused() {
    assert!(matches!(refused(config(BTreeMap::new()), Profile::Demo), InvalidConfig::NoRelay));
    let mut half = relay(([127, 0, 0, 1], 25).into(), 0);
    half.password = None;
    let relays = BTreeMap::from([("r".to_owned(), half)]);
    assert!(matches!(refused(config(relays.clone()), Profile::Demo), InvalidConfig::Credentials { .. }));
    let nobody = Config { from: "nobody".to_owned(), ..config(relays) };
    assert!(matches!(refused(nobody, Profile::Demo), InvalidConfig::From));
}

#[test]
fn a_relay_is_encrypted_unless_said_otherwise_and_unknown_settings_are_refused() {
    let relay = json!({ "host": "mail.example", "port": 587 });
    let whole = json!({ "from": "a@x.example", "host": "x.example", "relays": { "r": relay } });
    let config: Config = serde_json::from_value(whole).unwrap();
    assert_eq!(config.relays["r"].security, SmtpSecurity::StartTls);
    assert_eq!((config.relays["r"].timeout_seconds.get(), config.breaker_failures.get()), (10, 5));
    let wrong = json!({ "from": "a@x.example", "host": "x.example", "relays": {}, "tls": false });
    assert!(serde_json::from_value::<Config>(wrong).is_err());
}

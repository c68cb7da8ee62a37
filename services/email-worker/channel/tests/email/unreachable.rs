//! A relay that can't be reached: the operator's log says which part of the way failed, and names nobody.

use std::collections::BTreeMap;
use std::net::TcpListener;
use std::sync::Arc;

use twostep_clock::{MovedClock, Time};
use twostep_delivery::{Submit as _, SubmitError};
use twostep_domain::delivery::MessageKind;
use twostep_email_channel::{EmailChannel, Relay};
use twostep_runtime::Profile;

use crate::fixture::{config, payload, relay, request};

/// What is said of a relay like this one.
async fn said(relay: Relay) -> String {
    let clock = Arc::new(MovedClock::frozen_at(Time::UNIX_EPOCH));
    let relays = BTreeMap::from([("main".to_owned(), relay)]);
    let channel = EmailChannel::new(config(relays), Profile::Demo, clock).unwrap();
    match channel.submit(&request(MessageKind::SignInCode), &payload()).await {
        Err(SubmitError::Retry { reason, .. }) => reason,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_relay_where_nobody_listens_and_one_without_an_address_are_told_apart() {
    let closed = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let refused = said(relay(closed, 0)).await;
    assert!(refused.contains("main: at connect: the connection failed (Connection refused"), "{refused}");
    assert!(refused.ends_with("check that the relay runs, its `host` and its `port`"), "{refused}");
    let nowhere = said(Relay { host: "no such host".to_owned(), ..relay(closed, 0) }).await;
    assert!(nowhere.contains("main: at connect: the relay's name could not be resolved"), "{nowhere}");
    assert!(nowhere.ends_with("check its `host`"), "{nowhere}");
    for reason in [refused, nowhere] {
        assert!(!reason.contains("no such host"), "{reason}");
    }
}

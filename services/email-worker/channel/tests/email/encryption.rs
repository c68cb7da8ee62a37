//! TLS against a real server: what is encrypted, whom we believe, and that nothing goes out in clear.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;

use serde_json::json;
use twostep_clock::SystemClock;
use twostep_delivery::{Accepted, Submit as _, SubmitError};
use twostep_dev_inbox::{Config as Inbox, Encryption, Received, Running, start};
use twostep_domain::delivery::{Failure, MessageKind};
use twostep_email_channel::{EmailChannel, InvalidConfig, Relay, SmtpSecurity};
use twostep_runtime::Profile;

use crate::authority::Authority;
use crate::fixture::{config, payload, relay, request};
use crate::middle::{Change, Middle};

const NAME: &str = "localhost";

/// A relay, somebody in between, and what we said.
struct Conversation {
    inbox: Running,
    middle: Middle,
}

impl Conversation {
    async fn with(encryption: Encryption, change: Change) -> Self {
        let inbox = Inbox { encryption, ..Inbox::default() };
        let inbox = start(inbox, Arc::new(SystemClock)).await.unwrap();
        let middle = Middle::before(inbox.smtp_addr, change).await;
        Self { inbox, middle }
    }

    async fn send(&self, security: SmtpSecurity, ca: Option<&Path>) -> Result<Accepted, SubmitError> {
        let channel = channel(encrypted(self.middle.address, security, ca)).unwrap();
        channel.submit(&request(MessageKind::SignInCode), &payload()).await
    }

    async fn received(&self) -> Vec<Received> {
        let url = format!("http://{}/messages", self.inbox.http_addr);
        reqwest::get(url).await.unwrap().json().await.unwrap()
    }

    /// Nothing arrived, and of ours nothing but greetings went over the wire.
    async fn kept_to_itself(&self) {
        assert!(self.received().await.is_empty());
        self.said_nothing_in_clear();
    }

    fn said_nothing_in_clear(&self) {
        let heard = self.middle.heard();
        // "AHVzAHNlY3JldA==" is what AUTH PLAIN says.
        for word in ["AUTH", "AHVzAHNlY3JldA", "MAIL", "RCPT", "DATA", "ada@x.example", "123 456"] {
            assert!(!heard.contains(word), "{word} in {heard:?}");
        }
    }
}

fn encrypted(address: SocketAddr, security: SmtpSecurity, ca: Option<&Path>) -> Relay {
    let ca_path = ca.map(Path::to_owned);
    Relay { host: NAME.to_owned(), security, ca_path, ..relay(address, 0) }
}

fn channel(relay: Relay) -> Result<EmailChannel, InvalidConfig> {
    let relays = BTreeMap::from([("relay".to_owned(), relay)]);
    EmailChannel::new(config(relays), Profile::Production, Arc::new(SystemClock))
}

/// A refusal that blames our settings, and what it says.
fn refused(answer: Result<Accepted, SubmitError>) -> String {
    match answer {
        Err(SubmitError::Reject { because: Failure::Configuration, reason }) => reason,
        other => panic!("{other:?}"),
    }
}

fn as_it_is(said: Vec<u8>) -> Vec<u8> {
    said
}

/// The offer of STARTTLS is taken out, as a device on the way might do.
fn without_the_offer(said: Vec<u8>) -> Vec<u8> {
    let Ok(text) = String::from_utf8(said.clone()) else { return said };
    text.replace("250 STARTTLS", "250 8BITMIME").into_bytes()
}

/// An answer is slipped in behind the one to STARTTLS, in clear.
fn with_an_answer_too_many(said: Vec<u8>) -> Vec<u8> {
    if said.starts_with(b"220 ready") { [&said, &b"250 AUTH PLAIN\r\n"[..]].concat() } else { said }
}

#[tokio::test]
async fn s10_mails_travel_encrypted_after_starttls_and_from_the_first_byte() {
    let authority = Authority::new();
    let config = authority.vouch_for(NAME);
    for (encryption, security) in [
        (Encryption::StartTls(config.clone()), SmtpSecurity::StartTls),
        (Encryption::Implicit(config), SmtpSecurity::ImplicitTls),
    ] {
        let relay = Conversation::with(encryption, as_it_is).await;
        relay.send(security, Some(authority.file.path())).await.unwrap();
        let [mail] = relay.received().await.try_into().unwrap();
        assert!(mail.encrypted, "{security:?}");
        assert_eq!(mail.code.as_deref(), Some("123456"));
        relay.said_nothing_in_clear();
    }
}

#[tokio::test]
async fn many_mails_share_an_encrypted_connection() {
    let authority = Authority::new();
    let relay = Conversation::with(Encryption::StartTls(authority.vouch_for(NAME)), as_it_is).await;
    let to = encrypted(relay.middle.address, SmtpSecurity::StartTls, Some(authority.file.path()));
    let channel = channel(Relay { connections: std::num::NonZeroUsize::MIN, ..to }).unwrap();
    for _ in 0..3 {
        channel.submit(&request(MessageKind::SignInCode), &payload()).await.unwrap();
    }
    assert_eq!(relay.received().await.len(), 3);
    assert_eq!(relay.middle.heard().matches("STARTTLS").count(), 1);
}

#[tokio::test]
async fn without_starttls_nothing_is_sent_and_the_error_names_the_way_out() {
    let authority = Authority::new();
    let offered = Encryption::StartTls(authority.vouch_for(NAME));
    for (encryption, change) in [(Encryption::None, as_it_is as Change), (offered, without_the_offer)] {
        let relay = Conversation::with(encryption, change).await;
        let said = refused(relay.send(SmtpSecurity::StartTls, Some(authority.file.path())).await);
        assert!(said.contains("offers no STARTTLS") && said.contains("implicit-tls"), "{said}");
        relay.kept_to_itself().await;
    }
}

#[tokio::test]
async fn what_is_slipped_in_before_the_handshake_is_never_taken_for_an_answer() {
    let authority = Authority::new();
    let encryption = Encryption::StartTls(authority.vouch_for(NAME));
    let relay = Conversation::with(encryption, with_an_answer_too_many).await;
    refused(relay.send(SmtpSecurity::StartTls, Some(authority.file.path())).await);
    relay.kept_to_itself().await;
}

#[tokio::test]
async fn a_relay_that_cannot_prove_its_name_gets_nothing_and_the_error_says_what_to_do() {
    let (ours, others) = (Authority::new(), Authority::new());
    let cases = [
        (ours.vouch_for(NAME), None, "`ca_path`"),
        (ours.vouch_for(NAME), Some(others.file.path()), "`ca_path`"),
        (ours.vouch_for("elsewhere.example"), Some(ours.file.path()), "`host`"),
        (ours.vouched_once_for(NAME), Some(ours.file.path()), "renew it"),
    ];
    for (config, ca, advice) in cases {
        for (encryption, security) in [
            (Encryption::StartTls(config.clone()), SmtpSecurity::StartTls),
            (Encryption::Implicit(config.clone()), SmtpSecurity::ImplicitTls),
        ] {
            let relay = Conversation::with(encryption, as_it_is).await;
            let said = refused(relay.send(security, ca).await);
            assert!(said.contains(advice), "{security:?}: {said}");
            relay.kept_to_itself().await;
        }
    }
}

#[tokio::test]
async fn a_port_that_speaks_no_tls_is_told_apart() {
    let relay = Conversation::with(Encryption::None, as_it_is).await;
    let said = refused(relay.send(SmtpSecurity::ImplicitTls, None).await);
    assert!(said.contains("check port and `security`"), "{said}");
    relay.kept_to_itself().await;
}

#[tokio::test]
async fn a_relay_that_wants_encryption_refuses_commands_before_it() {
    let authority = Authority::new();
    let relay = Conversation::with(Encryption::StartTls(authority.vouch_for(NAME)), as_it_is).await;
    let plain = encrypted(relay.middle.address, SmtpSecurity::PlainLoopbackDemo, None);
    let relays = BTreeMap::from([("relay".to_owned(), Relay { username: None, password: None, ..plain })]);
    let channel = EmailChannel::new(config(relays), Profile::Demo, Arc::new(SystemClock)).unwrap();
    let said = refused(channel.submit(&request(MessageKind::SignInCode), &payload()).await);
    assert_eq!(said, "relay: 530 at MAIL");
}

#[test]
fn authorities_that_can_not_be_read_are_refused_at_the_start() {
    let missing = encrypted(([127, 0, 0, 1], 25).into(), SmtpSecurity::StartTls, Some(Path::new("/no/file")));
    let error = channel(missing).err().unwrap();
    assert!(error.to_string().contains("/no/file"), "{error}");
    let empty = tempfile::NamedTempFile::new().unwrap();
    let empty = encrypted(([127, 0, 0, 1], 25).into(), SmtpSecurity::StartTls, Some(empty.path()));
    assert!(matches!(channel(empty), Err(InvalidConfig::Ca { .. })));
    let named: Relay =
        serde_json::from_value(json!({ "host": NAME, "port": 25, "ca_path": "/a/ca.pem" })).unwrap();
    assert_eq!(named.ca_path.as_deref(), Some(Path::new("/a/ca.pem")));
}

//! What each scheme signs, what its words mean, and what is nobody's.

use axum::http::{HeaderMap, HeaderValue};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use data_encoding::{HEXLOWER, HEXUPPER};
use hmac::{Hmac, KeyInit as _, Mac as _};
use serde_json::{Value, json};
use sha1::Sha1;
use sha2::Sha256;
use twostep_domain::{CompanyId, DeliveryId};
use twostep_runtime::config::Secret;
use uuid::Uuid;

use super::*;

const URL: &str = "https://twostep.example/api/v1/webhooks/sms/main";

fn secret(value: &str) -> Secret {
    serde_json::from_value(json!({ "secret value": value })).unwrap()
}

fn reference() -> Reference {
    Reference { company: CompanyId(Uuid::from_u128(1)), id: DeliveryId(Uuid::from_u128(2)) }
}

fn sha1(key: &str, message: &str) -> Vec<u8> {
    let mac = Hmac::<Sha1>::new_from_slice(key.as_bytes()).unwrap();
    mac.chain_update(message).finalize().into_bytes().to_vec()
}

fn sha256(key: &str, message: &[u8]) -> Vec<u8> {
    let mac = Hmac::<Sha256>::new_from_slice(key.as_bytes()).unwrap();
    mac.chain_update(message).finalize().into_bytes().to_vec()
}

/// A call, whole.
#[derive(Clone, Default)]
struct Sent {
    query: Option<String>,
    headers: HeaderMap,
    body: Vec<u8>,
}

impl Sent {
    fn header(mut self, name: &'static str, value: &str) -> Self {
        self.headers.insert(name, HeaderValue::from_str(value).unwrap());
        self
    }

    fn to(&self, webhooks: &Webhooks, name: &str) -> Result<Option<Heard>, NotSigned> {
        let Self { query, headers, body } = self;
        webhooks.heard(name, &Call { query: query.as_deref(), headers, body })
    }
}

fn all() -> Webhooks {
    let states = [("arrived".to_owned(), WebhookState::Delivered), ("lost".to_owned(), WebhookState::Failed)];
    let json = JsonWebhook {
        header: "X-Signed".to_owned(),
        secret: secret("json"),
        reference: "/message/ref".to_owned(),
        state: "/message/state".to_owned(),
        states: states.into(),
        code: Some("/message/code".to_owned()),
    };
    let twilio = TwilioWebhook { url: URL.to_owned(), token: secret("token") };
    let vonage = VonageWebhook { signature_secret: secret("vonage") };
    Webhooks(
        [
            ("main".to_owned(), Webhook::Twilio(twilio)),
            ("second".to_owned(), Webhook::Vonage(vonage)),
            ("third".to_owned(), Webhook::Json(json)),
        ]
        .into(),
    )
}

/// A status of Twilio's with fields in an order of their own.
fn twilio(status: &str, code: &str) -> Sent {
    let query = format!("reference={}", reference());
    let signed = format!("{URL}?{query}ErrorCode{code}MessageStatus{status}To+491511");
    let body = format!("MessageStatus={status}&To=%2B491511&ErrorCode={code}").into_bytes();
    let sent = Sent { query: Some(query), body, ..Sent::default() };
    sent.header("x-twilio-signature", &STANDARD.encode(sha1("token", &signed)))
}

/// A receipt of Vonage's, as a form or as JSON.
fn vonage(status: &str, form: bool) -> Sent {
    let signed = format!("&client-ref={}&err-code=6&note=a_b_c&status={status}", reference());
    let sig = HEXUPPER.encode(&sha256("vonage", signed.as_bytes()));
    let body = if form {
        format!("status={status}&sig={sig}&note=a%26b%3Dc&err-code=6&client-ref={}", reference())
    } else {
        json!({ "status": status, "sig": sig, "note": "a&b=c", "err-code": 6, "client-ref": reference().to_string() })
            .to_string()
    };
    Sent { body: body.into_bytes(), ..Sent::default() }
}

fn third(state: &str, code: &Value) -> Sent {
    let message = json!({ "ref": reference().to_string(), "state": state, "code": code });
    let body = json!({ "message": message }).to_string().into_bytes();
    let signature = HEXLOWER.encode(&sha256("json", &body));
    Sent { body, ..Sent::default() }.header("x-signed", &signature)
}

fn delivered(name: &str) -> Result<Option<Heard>, NotSigned> {
    let outcome = Outcome::Delivered { provider: name.to_owned() };
    Ok(Some(Heard { reference: reference(), outcome }))
}

fn bounced(name: &str, reason: &str) -> Result<Option<Heard>, NotSigned> {
    let outcome = Outcome::Bounced { provider: name.to_owned(), reason: reason.to_owned() };
    Ok(Some(Heard { reference: reference(), outcome }))
}

/// The example of Twilio's own documentation and libraries.
#[test]
fn s28_twilio_s_own_example_is_signed() {
    let settings =
        TwilioWebhook { url: "https://mycompany.com/myapp.php".to_owned(), token: secret("12345") };
    let body =
        "CallSid=CA1234567890ABCDE&Digits=1234&From=%2B14158675309&To=%2B18005551212&Caller=%2B14158675309";
    let sent = Sent { query: Some("foo=1&bar=2".to_owned()), body: body.into(), ..Sent::default() };
    let webhooks = Webhooks([("main".to_owned(), Webhook::Twilio(settings))].into());
    let signed = sent.clone().header("x-twilio-signature", "RSOYDt4T1cUTdK1PDd93/VVr8B8=");
    assert_eq!(signed.to(&webhooks, "main"), Ok(None), "it is about no text of ours");
    let other = sent.header("x-twilio-signature", "RSOYDt4T1cUTdK1PDd93/VVr8B9=");
    assert_eq!(other.to(&webhooks, "main"), Err(NotSigned));
}

#[test]
fn twilio_s_words_have_their_meaning() {
    for word in ["delivered", "read"] {
        assert_eq!(twilio(word, "").to(&all(), "main"), delivered("main"), "{word}");
    }
    for word in ["undelivered", "failed", "canceled"] {
        assert_eq!(twilio(word, "30005").to(&all(), "main"), bounced("main", "error 30005"), "{word}");
    }
    for word in ["accepted", "queued", "sending", "sent", "never-heard-of"] {
        assert_eq!(twilio(word, "").to(&all(), "main"), Ok(None), "{word}");
    }
}

#[test]
fn vonage_s_words_have_their_meaning_in_forms_and_json() {
    for form in [true, false] {
        assert_eq!(vonage("delivered", form).to(&all(), "second"), delivered("second"));
        for word in ["expired", "failed", "rejected"] {
            assert_eq!(vonage(word, form).to(&all(), "second"), bounced("second", "error 6"), "{word}");
        }
        for word in ["accepted", "buffered", "unknown", "never-heard-of"] {
            assert_eq!(vonage(word, form).to(&all(), "second"), Ok(None), "{word}");
        }
    }
}

#[test]
fn anybody_s_words_mean_what_the_settings_say() {
    assert_eq!(third("arrived", &Value::Null).to(&all(), "third"), delivered("third"));
    assert_eq!(third("lost", &json!(17)).to(&all(), "third"), bounced("third", "error 17"));
    assert_eq!(third("on its way", &Value::Null).to(&all(), "third"), Ok(None));
    let sent = third("arrived", &Value::Null);
    let base64 = STANDARD.encode(sha256("json", &sent.body));
    assert_eq!(sent.clone().header("x-signed", &base64).to(&all(), "third"), delivered("third"));
    let prefixed = format!("sha256={}", HEXUPPER.encode(&sha256("json", &sent.body)));
    assert_eq!(sent.header("x-signed", &prefixed).to(&all(), "third"), delivered("third"));
}

#[test]
fn s10_an_error_that_is_no_code_is_not_written_down() {
    for sentence in
        [json!("no such number: +4915112345678"), json!("4915112345678"), json!("x".repeat(41)), json!("")]
    {
        assert_eq!(
            third("lost", &sentence).to(&all(), "third"),
            bounced("third", "undeliverable"),
            "{sentence}"
        );
    }
}

#[test]
fn s28_what_is_unsigned_changed_or_another_s_is_nobody_s() {
    let webhooks = all();
    for (name, sent) in [
        ("main", twilio("delivered", "")),
        ("second", vonage("delivered", true)),
        ("second", vonage("delivered", false)),
        ("third", third("arrived", &Value::Null)),
    ] {
        assert_eq!(sent.to(&webhooks, name), delivered(name));
        let mut longer = sent.clone();
        longer.body.extend_from_slice(if sent.body.starts_with(b"{") { b" " } else { b"&x=y" });
        // White space between JSON's parts is nothing that Vonage signs.
        if name != "second" || !sent.body.starts_with(b"{") {
            assert_eq!(longer.to(&webhooks, name), Err(NotSigned), "{name}");
        }
        let at = sent.body.windows(7).position(|word| word == b"deliver" || word == b"arrived").unwrap();
        let mut changed = sent.clone();
        changed.body[at] ^= 1;
        assert_eq!(changed.to(&webhooks, name), Err(NotSigned), "{name}");
        let nameless = Sent { headers: HeaderMap::new(), ..sent.clone() };
        let signed_in_header = !sent.headers.is_empty();
        assert_eq!(nameless.to(&webhooks, name) == Err(NotSigned), signed_in_header, "{name}");
        for other in ["main", "second", "third", "nobody", ""].into_iter().filter(|other| *other != name) {
            assert_eq!(sent.to(&webhooks, other), Err(NotSigned), "{name} as {other}");
        }
        assert_eq!(sent.to(&Webhooks::default(), name), Err(NotSigned));
    }
    let mut elsewhere = twilio("delivered", "");
    elsewhere.query = Some(format!("reference={}", reference().to_string().replace('2', "3")));
    assert_eq!(elsewhere.to(&webhooks, "main"), Err(NotSigned), "the reference is signed, too");
    let unsigned = Sent { body: b"status=delivered&sig=".to_vec(), ..Sent::default() };
    assert_eq!(unsigned.to(&webhooks, "second"), Err(NotSigned));
}

#[test]
fn s28_an_empty_secret_believes_nobody() {
    let settings = VonageWebhook { signature_secret: secret("") };
    let webhooks = Webhooks([("main".to_owned(), Webhook::Vonage(settings))].into());
    let sig = HEXUPPER.encode(&sha256("", b"&status=delivered"));
    let sent = Sent { body: format!("status=delivered&sig={sig}").into_bytes(), ..Sent::default() };
    assert_eq!(sent.to(&webhooks, "main"), Err(NotSigned));
}

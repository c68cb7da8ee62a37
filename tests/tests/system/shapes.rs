//! What isn't a code: refused unread, and no guess.

use reqwest::Method as Verb;
use reqwest::header::CONTENT_TYPE;
use serde_json::json;
use twostep_api::{ProofKind, StartSetUp, VerifyEmail};
use twostep_tests::harness::{Plain, Product as _, answer};
use twostep_tests::story::Stage;

/// Values that are no code, each in JSON.
fn malformed() -> Vec<String> {
    let texts = [
        "",
        " ",
        "12345",
        "1234567",
        "+12345",
        "-12345",
        "1e5000",
        "0x1234",
        "12345a",
        "123.45",
        "½12345",
        // Full-width and Arabic-Indic digits, a no-break space, a tab, a line's end, a NUL, a zero-width space.
        "１２３４５６",
        "١٢٣٤٥٦",
        "123\u{a0}456",
        "123\t456",
        "123456\n",
        "123456\0",
        "123\u{200b}456",
    ];
    let values = [
        json!(null),
        json!(true),
        json!(123_456),
        json!(123_456.0),
        json!([]),
        json!(["123456"]),
        json!(["123456", "654321"]),
        json!({}),
        json!({ "$ne": "" }),
        json!({ "code": "123456" }),
    ];
    let mut all: Vec<String> = texts.iter().map(|text| json!(text).to_string()).collect();
    all.extend(values.iter().map(ToString::to_string));
    all.push(json!("1".repeat(60 * 1024)).to_string());
    all
}

#[tokio::test]
async fn s5_what_is_no_code_is_refused_unread_and_never_counted() {
    let stage = Stage::enforcing("shapes").await.unwrap();
    let mut ann = stage.technician("ann").await.unwrap();
    let plain = Plain::new(&stage.product.url()).unwrap();
    let pending = stage.sign_in(ann.login()).await.unwrap();
    let token = Some(pending.token.as_str());
    let path = format!("/api/v1/sign-ins/{}/verifications", pending.id);
    for code in malformed() {
        for method in ["app", "email", "printed"] {
            let body = format!(r#"{{"method":"{method}","code":{code}}}"#);
            let answer = plain.post(&path, token, &body).await.unwrap();
            assert_eq!(answer.status, 400, "{body:.80}: {}", answer.body);
            assert!(!answer.body.contains("123456"), "the answer repeats what was typed: {}", answer.body);
        }
    }
    // Other shapes of the whole body.
    for body in [
        "",
        "null",
        "[]",
        "\"123456\"",
        "{",
        r#"{"method":"app"}"#,
        r#"{"code":"123456"}"#,
        r#"{"method":"app","code":"123456","code":"654321"}"#,
        r#"{"method":["app"],"code":"123456"}"#,
        r#"{"method":"password","code":"123456"}"#,
        r#"{"method":"app","code":"123456","sign_in":"another"}"#,
        r#"[{"method":"app","code":"123456"}]"#,
    ] {
        let answer = plain.post(&path, token, body).await.unwrap();
        assert_eq!(answer.status, 400, "{body}: {}", answer.body);
    }
    let large = format!(r#"{{"method":"app","code":"{}"}}"#, "1".repeat(64 * 1024));
    assert_eq!(plain.post(&path, token, &large).await.unwrap().status, 413);
    let right = ann.next_code(&stage).await.unwrap();
    for media in ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"] {
        let form = plain.request(Verb::POST, &path, token).header(CONTENT_TYPE, media);
        let form = form.body(format!("method=app&code={right}"));
        assert_eq!(answer(form).await.unwrap().status, 415, "{media}");
    }
    // A code in the query is nobody's.
    let query = format!("{path}?method=app&code={right}");
    assert_eq!(plain.post(&query, token, "{}").await.unwrap().status, 400);
    // None of it was a guess: the right code, typed in groups, goes through at once.
    assert_eq!(pending.api.sign_in(pending.id).await.unwrap().next_try_at, None);
    pending.verify(ProofKind::App, &format!(" {} - {} ", &right[..3], &right[3..])).await.unwrap();
}

#[tokio::test]
async fn s5_a_set_up_takes_nothing_but_codes_either() {
    let stage = Stage::enforcing("setup").await.unwrap();
    let (login, _) = stage.hire("ann").await.unwrap();
    let pending = stage.sign_in(&login).await.unwrap();
    pending.api.start_set_up(&StartSetUp::default()).await.unwrap();
    pending.api.start_pairing().await.unwrap();
    let address = format!("backup.{login}");
    let shown = pending.api.set_up_email(&VerifyEmail { address: address.clone() }).await.unwrap();
    let mail = stage.inbox.next_that(&address, 0, |mail| mail.code.is_some()).await.unwrap();
    let link = mail.links.iter().find(|link| link.contains("verif")).unwrap().rsplit('/').next().unwrap();
    let link = format!("/api/v1/verification-links/{link}");
    let plain = Plain::new(&stage.product.url()).unwrap();
    let paths = [
        ("/api/v1/set-up/authenticator/confirmation", "code", Some(&*pending.token)),
        ("/api/v1/set-up/email/confirmation", "code", Some(&*pending.token)),
        ("/api/v1/set-up/phone/confirmation", "code", Some(&*pending.token)),
        (&*link, "first_screen_code", None),
    ];
    for (path, field, token) in paths {
        for code in malformed().iter().filter(|code| *code != "null") {
            let answer = plain.post(path, token, &format!(r#"{{"{field}":{code}}}"#)).await.unwrap();
            assert_eq!(answer.status, 400, "{path} {code:.80}: {}", answer.body);
        }
    }
    // Several addresses are no address: the mail goes to one mailbox, or to none.
    for address in [
        r#"["a@x.example","b@x.example"]"#,
        r#""a@x.example,b@x.example""#,
        r#""a@x.example\r\nBcc: b@x.example""#,
    ] {
        let body = format!(r#"{{"address":{address}}}"#);
        assert_eq!(
            plain.post("/api/v1/set-up/email", Some(&pending.token), &body).await.unwrap().status,
            400
        );
    }
    // The link still lives, its five tries untouched.
    let body = json!({ "first_screen_code": shown.first_screen_code.unwrap() }).to_string();
    let opened = plain.post(&link, None, &body).await.unwrap();
    assert_eq!(opened.status, 200, "{}", opened.body);
    assert!(opened.body.contains("verified"), "{}", opened.body);
}

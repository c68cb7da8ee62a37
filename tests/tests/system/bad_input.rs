//! What is wrong is refused in words for whoever can mend it, and tells nobody what they shouldn't know.

mod named;
mod start;

use anyhow::{Context as _, ensure};
use futures::StreamExt as _;
use serde_json::{Value, json};
use twostep_api::{Method, Policy, RequestCode, Role, Technicians};
use twostep_tests::harness::{Inbox, Product as _, Standalone};
use twostep_tests::story::{Office, Raw, Reply, Technician, password, save_policy, sign_in};

#[tokio::test]
async fn a_request_that_is_wrong_is_told_what_is_wrong() {
    let home = tempfile::tempdir().unwrap();
    let inbox = Inbox::start().unwrap();
    let product = Standalone::start(home.path(), &inbox).unwrap();
    let office = Office::open(&product, "wrong").await.unwrap();
    bodies(&product, &office).await.unwrap();
    fields(&product, &office).await.unwrap();
    places(&product, &office).await.unwrap();
    outsiders_learn_nothing(&product, &office).await.unwrap();
    far_ends_that_are_not_there(&product, &inbox, &office).await.unwrap();
}

/// Bodies that aren't what the route takes.
async fn bodies(product: &Standalone, office: &Office) -> anyhow::Result<()> {
    let raw = Raw::new(product).with_token(&office.holder.token);
    let members = format!("/companies/{}/members", office.id);
    let json = |text: &str| Some(("application/json", text.as_bytes().to_vec()));
    let cases = [
        ("not JSON", json("{\"name\": "), 400, "malformed", "line 1 column"),
        ("empty", json(""), 400, "malformed", "line 1 column"),
        ("a list", json("[]"), 400, "malformed", ""),
        ("null", json("null"), 400, "malformed", "wrong type"),
        (
            "an unknown field",
            json("{\"name\":\"a\",\"email\":\"a@b.example\",\"roles\":[],\"x\":1}"),
            400,
            "malformed",
            "unknown field `x`",
        ),
        ("a missing field", json("{\"name\":\"a\"}"), 400, "malformed", "missing field"),
        (
            "an unknown role",
            json("{\"name\":\"a\",\"email\":\"a@b.example\",\"roles\":[\"king\"]}"),
            400,
            "malformed",
            "allowed",
        ),
        ("no media type", Some(("", b"{}".to_vec())), 415, "not-json", "application/json"),
        (
            "a form",
            Some(("application/x-www-form-urlencoded", b"name=a".to_vec())),
            415,
            "not-json",
            "application/json",
        ),
        ("too much", Some(("application/json", vec![b' '; 64 * 1024 + 1])), 413, "too-large", "65536"),
        ("deep", json(&"[".repeat(10_000)), 400, "malformed", ""),
    ];
    for (what, body, status, problem, words) in cases {
        let answer = raw.send("POST", &members, body).await?;
        told(what, &answer, status, problem, words)?;
    }
    // What was typed in the wrong place may be a password: it is not said again, nor logged.
    for body in [
        json!({ "login": "a", "password": ["correct horse"] }),
        json!({ "login": "a", "password": { "correct horse": 1 } }),
        json!({ "login": "a", "password": 20_260_101, "client": { "kind": "correct horse" } }),
        json!({ "login": "a", "password": "b", "client": "correct horse" }),
    ] {
        let answer = raw.call("POST", "/sign-ins", Some(&body)).await?;
        told("a password of the wrong type", &answer, 400, "malformed", "wrong type")?;
        ensure!(!answer.text.contains("horse") && !answer.text.contains("20260101"), "echoed: {answer:?}");
    }
    ensure!(!product.output().contains("correct horse"), "a password stands in the log output");
    Ok(())
}

/// Values that can't be used: the field is named.
async fn fields(product: &Standalone, office: &Office) -> anyhow::Result<()> {
    let raw = Raw::new(product).with_token(&office.holder.token);
    let members = format!("/companies/{}/members", office.id);
    let invite = |change: Value| {
        let mut body =
            json!({ "name": "Somebody", "email": "somebody@wrong.example", "roles": ["technician"] });
        for (field, value) in change.as_object().into_iter().flatten() {
            body[field] = value.clone();
        }
        body
    };
    let nowhere = uuid::Uuid::now_v7();
    for (field, value) in [
        ("email", json!("somebody")),
        ("email", json!("a@b.example\r\nBcc: c@d.example")),
        ("name", json!("")),
        ("locale", json!("xx")),
        ("time_zone", json!("Berlin")),
    ] {
        let answer = raw.call("POST", &members, Some(&invite(json!({ field: value })))).await?;
        told(field, &answer, 400, "invalid-fields", "")?;
        ensure!(answer.json()?["fields"][0]["field"] == field, "the field isn't named: {answer:?}");
    }
    for list in [members.as_str(), "/audit/events", "/deliveries"] {
        for (limit, status) in [(0, 400), (1, 200), (200, 200), (201, 400)] {
            let answer = raw.call("GET", &format!("{list}?limit={limit}"), None).await?;
            ensure!(answer.status == status, "{list}?limit={limit}: {answer:?}");
            let named = answer.json()?["fields"][0]["field"] == "limit";
            ensure!(named == (status == 400), "the field isn't named: {answer:?}");
        }
    }
    let answer = raw.call("POST", &members, Some(&invite(json!({ "group": nowhere })))).await?;
    told("a group that isn't there", &answer, 404, "not-found", "")?;
    raw.call("POST", "/set-up", Some(&json!({}))).await?;
    for (number, words) in [("hello", "country code"), ("+49 30 123456", "mobile"), ("+43 664 1234567", "")] {
        let answer = raw.call("POST", "/set-up/phone", Some(&json!({ "number": number }))).await?;
        told(number, &answer, 400, "invalid-fields", words)?;
        ensure!(answer.json()?["fields"][0]["field"] == "number", "the field isn't named: {answer:?}");
    }
    Ok(())
}

/// Routes, ids, revisions and links that don't exist, or not any more.
async fn places(product: &Standalone, office: &Office) -> anyhow::Result<()> {
    let raw = Raw::new(product).with_token(&office.holder.token);
    let company = format!("/companies/{}", office.id);
    for (method, path, status, problem, words) in [
        ("GET", "/nothing".to_owned(), 404, "not-found", "openapi.json"),
        ("PATCH", "/me".to_owned(), 405, "method-not-allowed", "method"),
        ("GET", "/companies/not-an-id".to_owned(), 404, "not-found", ""),
        ("GET", format!("{company}/members/1"), 404, "not-found", ""),
        ("GET", format!("{company}/members/{}", uuid::Uuid::nil()), 404, "not-found", ""),
        ("GET", format!("{company}/members?cursor=x"), 400, "malformed", "cursor"),
        ("GET", format!("{company}/members?colour=red"), 400, "malformed", "`colour`"),
        ("GET", format!("{company}/members?limit=abc"), 400, "malformed", "limit"),
        ("GET", format!("{company}/members?role=king"), 400, "malformed", "role"),
        ("GET", format!("{company}/members?limit=1&limit=2"), 400, "malformed", "`limit`"),
        ("GET", "/audit/events?from=yesterday".to_owned(), 400, "malformed", "from"),
        ("GET", "/deliveries?state=lost".to_owned(), 400, "invalid-fields", "delivered, bounced"),
        ("GET", "/deliveries?kind=letter".to_owned(), 400, "invalid-fields", "sign_in_code"),
        ("GET", "/deliveries?channel=fax".to_owned(), 400, "malformed", "channel"),
        ("GET", "/deliveries?cursor=x".to_owned(), 400, "malformed", "cursor"),
        ("GET", "/deliveries?colour=red".to_owned(), 400, "malformed", "`colour`"),
        (
            "GET",
            "/deliveries?from=2026-01-02T00:00:00Z&until=2026-01-01T00:00:00Z".to_owned(),
            400,
            "invalid-fields",
            "before until",
        ),
        ("GET", "/invitations/x".to_owned(), 410, "link-dead", "new one"),
        ("GET", "/verification-links/x".to_owned(), 410, "link-dead", "new one"),
        ("GET", "/password-resets/%FF".to_owned(), 404, "not-found", ""),
    ] {
        let answer = raw.call(method, &path, None).await?;
        told(&path, &answer, status, problem, words)?;
    }
    let policy = raw.call("GET", &format!("{company}/policy"), None).await?.json()?;
    let put = json!({ "policy": policy, "reason": "a test" });
    for (header, status, problem, words) in [
        (None, 428, "revision-required", "If-Match"),
        (Some("\"999\""), 412, "stale-revision", "GET it again"),
        (Some("\"soon\""), 412, "stale-revision", "ETag"),
        (Some("W/\"0\""), 412, "stale-revision", "ETag"),
        (Some("\"+0\""), 412, "stale-revision", "ETag"),
        (Some("*"), 412, "stale-revision", "haven't seen"),
        (Some("0"), 400, "malformed", "quotes"),
        (Some("soon"), 400, "malformed", "quotes"),
        (Some("\"0\", \"1\""), 400, "malformed", "quotes"),
    ] {
        let asked = header.map_or_else(|| raw.clone(), |value| raw.with_header("if-match", value));
        let answer = asked.call("PUT", &format!("{company}/policy"), Some(&put)).await?;
        told("a revision", &answer, status, problem, words)?;
    }
    let key = raw.with_header("idempotency-key", &"k".repeat(129));
    let answer = key.call("POST", &format!("{company}/groups"), Some(&json!({ "name": "G" }))).await?;
    told("a key that is too long", &answer, 400, "malformed", "128")
}

/// Known and unknown logins, companies and people: the same answers.
async fn outsiders_learn_nothing(product: &Standalone, office: &Office) -> anyhow::Result<()> {
    let raw = Raw::new(product);
    let mut answers = Vec::new();
    for (company, login) in [
        ("wrong", office.holder.login.as_str()),
        ("wrong", "nobody@wrong.example"),
        ("nowhere", office.holder.login.as_str()),
    ] {
        let body = json!({ "company": company, "login": login, "password": "not the right password" });
        let sign_in = raw.call("POST", "/sign-ins", Some(&body)).await?;
        let reset = raw
            .call("POST", "/password-resets", Some(&json!({ "company": company, "login": login })))
            .await?;
        answers.push((sign_in.status, sign_in.text, reset.status, reset.text));
    }
    ensure!(answers.windows(2).all(|pair| pair[0] == pair[1]), "answers differ: {answers:?}");
    ensure!(answers[0].0 == 401 && answers[0].2 == 202, "{answers:?}");
    Ok(())
}

/// Mail server and SMS gateway refuse: the page is told that it is tried again, the app still signs in, and it arrives later.
async fn far_ends_that_are_not_there(
    product: &Standalone,
    inbox: &Inbox,
    office: &Office,
) -> anyhow::Result<()> {
    let technician = office.person(product, inbox, "waits", &[Role::Technician], None).await?;
    save_policy(&office.holder.session, office.id, |policy| Policy {
        technicians: Technicians::All,
        ..policy
    })
    .await?;
    let (mut app, _, _) = Technician::set_up(product, inbox, &technician.login).await?;
    inbox.misbehave(&json!({ "mail": [{ "stage": "mail", "drop": true }] })).await?;
    let api = product.api()?;
    let pending = sign_in(&api, &technician.login, &password(&technician.login)).await?;
    let asked = api.with_token(pending.token.as_deref().context("no token")?);
    product.advance(31).await?;
    asked.request_code(pending.id, &RequestCode { method: Method::Email }).await?;
    let mut states = Box::pin(asked.sign_in_deliveries(pending.id).await?);
    loop {
        let state = states.next().await.context("the stream ended")??;
        if state.state == "retrying" {
            ensure!(state.next_at.is_some(), "no time of the next try: {state:?}");
            break;
        }
        ensure!(state.state == "requested", "{state:?}");
    }
    app.sign_in(product).await.context("the app needs no mail")?;
    inbox.misbehave(&json!({})).await?;
    product.advance(60).await?;
    loop {
        let state = states.next().await.context("the stream ended")??;
        if state.state == "submitted" || state.state == "delivered" {
            break;
        }
        ensure!(state.state == "retrying", "{state:?}");
    }
    inbox.next_that(&format!("backup.{}", technician.login), 0, |mail| mail.subject.is_some()).await?;
    Ok(())
}

pub(crate) fn told(
    what: &str,
    answer: &Reply,
    status: u16,
    problem: &str,
    words: &str,
) -> anyhow::Result<()> {
    ensure!(
        answer.status == status && answer.problem == problem,
        "{what}: {status} {problem} was due: {answer:?}"
    );
    ensure!(
        answer.media.starts_with("application/problem+json"),
        "{what}: not a problem document: {answer:?}"
    );
    ensure!(
        answer.json()?["detail"].as_str().is_some_and(|detail| detail.contains(words)),
        "{what}: {answer:?}"
    );
    Ok(())
}

//! What somebody without a password learns from the routes that are open to everybody: nothing about who or what exists (S13).

use std::collections::BTreeSet;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use reqwest::Method;
use reqwest::header::CONTENT_TYPE;
use serde_json::{Value, json};
use twostep_api::{RequestPasswordReset, StartSetUp, VerifyEmail};
use twostep_tests::harness::{Plain, Product as _, answer};
use twostep_tests::story::{Stage, require_everybody};

/// Bytes of a link's token before its secret part: the purpose, then company, person and link.
const LINK_IDS: usize = 1 + 3 * 16;
/// Bytes of a bearer token before its secret part: company, person, and sign-in or session.
const BEARER_IDS: usize = 3 * 16;

/// A request that anybody can make.
struct Ask {
    method: &'static str,
    /// As the API's document names it.
    route: &'static str,
    path: String,
    body: Option<Value>,
    token: Option<String>,
}

/// Two requests whose answers must not differ: about what exists, and about what doesn't.
struct Pair(Ask, Ask);

/// The text of `token` with its bytes changed.
fn changed(token: &str, prefix: usize, change: impl Fn(&mut [u8])) -> String {
    let mut bytes = URL_SAFE_NO_PAD.decode(&token[prefix..]).unwrap();
    change(&mut bytes);
    format!("{}{}", &token[..prefix], URL_SAFE_NO_PAD.encode(bytes))
}

/// The same ids with another secret: what exists, asked for by somebody who guesses.
fn guessed(token: &str, prefix: usize) -> String {
    changed(token, prefix, |bytes| *bytes.last_mut().unwrap() ^= 1)
}

/// The guess with another company, person or link in it, one at a time: what doesn't exist.
fn invented(token: &str, prefix: usize, ids: usize) -> impl Iterator<Item = String> {
    let places = (ids % 16..ids).step_by(16);
    places.map(move |place| {
        changed(&guessed(token, prefix), prefix, |bytes| bytes[place..place + 16].reverse())
    })
}

/// What is mailed to somebody invited, to somebody who forgot the password, and in a set-up.
async fn mailed_tokens(stage: &Stage, login: &str) -> [String; 3] {
    let invitation = stage.invite("invited").await.unwrap();
    let before = stage.last(login).await.unwrap();
    let request = RequestPasswordReset { company: None, login: login.to_owned() };
    stage.product.api().unwrap().request_password_reset(&request).await.unwrap();
    let reset = stage.told(login, before, "Choose a new password").await.unwrap();
    let pending = stage.sign_in(login).await.unwrap();
    pending.api.start_set_up(&StartSetUp::default()).await.unwrap();
    let address = format!("backup.{login}");
    pending.api.set_up_email(&VerifyEmail { address: address.clone() }).await.unwrap();
    let proof = stage.inbox.next_that(&address, 0, |mail| !mail.links.is_empty()).await.unwrap();
    [invitation, reset.link_token().unwrap(), proof.link_token().unwrap()]
}

fn of_people(login: &str, unknown: &str, slug: &str) -> Vec<Pair> {
    let about = |route: &'static str, company: Option<&str>, login: &str| {
        let mut body = json!({ "company": company, "login": login });
        if route == "/sign-ins" {
            body["password"] = json!("a guess, and a long one");
        }
        Ask { method: "POST", route, path: route.to_owned(), body: Some(body), token: None }
    };
    let mut pairs = Vec::new();
    for route in ["/sign-ins", "/password-resets"] {
        let known = || about(route, Some(slug), login);
        pairs.push(Pair(known(), about(route, Some(slug), unknown)));
        pairs.push(Pair(known(), about(route, Some("no-such-company"), login)));
        pairs.push(Pair(about(route, None, login), about(route, None, unknown)));
    }
    pairs
}

fn of_links([invitation, reset, proof]: &[String; 3]) -> Vec<Pair> {
    let password = || json!({ "password": "an entirely new phrase" });
    let code = || json!({ "first_screen_code": "123456" });
    let routes = [
        ("/invitations/{token}", invitation, password()),
        ("/password-resets/{token}", reset, password()),
        ("/verification-links/{token}", proof, code()),
    ];
    let mut pairs = Vec::new();
    for (route, token, body) in routes {
        for method in ["GET", "POST"] {
            let with = |token: &str| Ask {
                method,
                route,
                path: route.replace("{token}", token),
                body: (method == "POST").then(|| body.clone()),
                token: None,
            };
            for other in invented(token, 0, LINK_IDS) {
                pairs.push(Pair(with(&guessed(token, 0)), with(&other)));
            }
            // A real token of another kind of link is none here.
            for foreign in [invitation, reset, proof].into_iter().filter(|other| *other != token) {
                pairs.push(Pair(with(foreign), with(&guessed(foreign, 0))));
            }
        }
    }
    pairs
}

/// Bearer tokens of a session and of a pending sign-in, guessed.
fn of_bearers(tokens: &[String]) -> Vec<Pair> {
    let mut pairs = Vec::new();
    for token in tokens {
        for route in ["/me", "/sessions", "/set-up"] {
            let with = |token: String| Ask {
                method: "GET",
                route,
                path: route.to_owned(),
                body: None,
                token: Some(token),
            };
            for other in invented(token, "tss_".len(), BEARER_IDS) {
                pairs.push(Pair(with(guessed(token, "tss_".len())), with(other)));
            }
        }
    }
    pairs
}

/// Providers of texts, one that there is and one that there isn't: neither says anything without its signature.
fn of_providers() -> Pair {
    let route = "/webhooks/sms/{provider}";
    let of = |name: &str| Ask {
        method: "POST",
        route,
        path: route.replace("{provider}", name),
        body: Some(json!({})),
        token: None,
    };
    Pair(of("inbox"), of("nobody"))
}

/// Everything in an answer but the time of day.
async fn heard(plain: &Plain, ask: &Ask) -> (u16, String, Vec<String>) {
    let method: Method = ask.method.parse().unwrap();
    let mut request = plain.request(method, &format!("/api/v1{}", ask.path), ask.token.as_deref());
    if let Some(body) = &ask.body {
        request = request.header(CONTENT_TYPE, "application/json").body(body.to_string());
    }
    let answer = answer(request).await.unwrap();
    let mut headers: Vec<_> =
        answer.headers.iter().map(|(name, value)| format!("{name}: {value:?}")).collect();
    headers.retain(|header| !header.starts_with("date:"));
    headers.sort();
    (answer.status, answer.body, headers)
}

#[tokio::test]
async fn s13_an_outsider_hears_the_same_of_what_exists_and_of_what_does_not() {
    let statuses = vec![("TWOSTEP_SMS__PROVIDERS__INBOX__STATUSES", "true".into())];
    let stage = Stage::open_in("outsider", statuses).await.unwrap();
    require_everybody(&stage.holder, stage.company).await.unwrap();
    let (login, _) = stage.hire("ann").await.unwrap();
    let ben = stage.technician("ben").await.unwrap();
    let links = mailed_tokens(&stage, &login).await;
    let pending = stage.sign_in(&login).await.unwrap().token;
    let asked = stage.sign_in(ben.login()).await.unwrap().token;
    let mut pairs = of_people(&login, &stage.login("nobody"), &stage.slug);
    pairs.extend(of_people(ben.login(), &stage.login("nobody"), &stage.slug));
    pairs.extend(of_links(&links));
    pairs.extend(of_bearers(&[pending, asked]));
    pairs.push(of_providers());
    let plain = Plain::new(&stage.product.url()).unwrap();
    let mut covered = BTreeSet::new();
    for Pair(real, invented) in &pairs {
        let (of_real, of_invented) = (heard(&plain, real).await, heard(&plain, invented).await);
        assert_eq!(of_real, of_invented, "{} {} and {}", real.method, real.path, invented.path);
        let refused = of_real.0 >= 400 || real.route == "/password-resets";
        assert!(refused && of_real.0 < 500, "{} {}: {of_real:?}", real.method, real.path);
        covered.insert((real.method.to_owned(), real.route));
        // Guesses of passwords and first screens' codes wait: each pair begins anew.
        stage.product.advance(2).await.unwrap();
    }
    assert_eq!(pairs.len(), 12 + 2 * 15 + 18 + 1, "some pairs are missing");
    let mut open = BTreeSet::new();
    let document = plain.send(Method::GET, "/api/v1/openapi.json", None).await.unwrap();
    let document: Value = serde_json::from_str(&document.body).unwrap();
    for (path, methods) in document["paths"].as_object().unwrap() {
        for method in methods.as_object().unwrap().keys().filter(|key| *key != "parameters") {
            let method = method.to_uppercase();
            let request = plain.request(method.parse().unwrap(), path, None);
            let status =
                answer(request.header(CONTENT_TYPE, "application/json").body("{}")).await.unwrap().status;
            if status != 401 {
                open.insert((method, path.strip_prefix("/api/v1").unwrap_or(path).to_owned()));
            }
        }
    }
    let missing: Vec<_> =
        open.iter().filter(|(method, path)| !covered.contains(&(method.clone(), path.as_str()))).collect();
    assert!(missing.is_empty(), "open to everybody, and not compared here: {missing:?}");
}

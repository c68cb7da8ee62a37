//! What holds for every route of the site, whatever the API says: here, nothing answers there.

#![allow(clippy::unwrap_used, reason = "a test's helpers may panic")]

use std::sync::Arc;

use axum::{
    Router,
    body::{Body, to_bytes},
    http::{HeaderMap, Method, Request, StatusCode, header},
    response::Response,
};
use tower::ServiceExt;
use twostep_client::Client;
use twostep_clock::SystemClock;
use twostep_runtime::Profile;
use twostep_web::{Config, router};

const DEMO: &str = "http://127.0.0.1:8080";
const PUBLIC: &str = "https://verify.example.org";
const ID: &str = "0195f3a0-0000-7000-8000-000000000001";

/// The routes as the modules declare them, so that none is forgotten here.
const SOURCES: [&str; 5] = [
    include_str!("../src/pages/mod.rs"),
    include_str!("../src/pages/set_up/mod.rs"),
    include_str!("../src/pages/account/mod.rs"),
    include_str!("../src/pages/settings/mod.rs"),
    include_str!("../src/pages/organisation/mod.rs"),
];

fn site(public_url: &str) -> Router {
    twostep_runtime::tls::install();
    let profile = if public_url == DEMO { Profile::Demo } else { Profile::Production };
    let config = Config::new(public_url.parse().unwrap(), profile, Arc::new(SystemClock)).unwrap();
    // Port 1 is reserved and nothing listens there.
    router(config, Client::new("http://127.0.0.1:1".parse().unwrap()).unwrap())
}

/// Every declared route: its path with ids filled in, and whether it takes `GET` and `POST`.
fn routes() -> Vec<(String, bool, bool)> {
    let lines = SOURCES
        .iter()
        .flat_map(|source| source.lines())
        .filter_map(|line| line.trim().strip_prefix(".route("));
    let routes: Vec<_> = lines
        .map(|line| {
            let path = line.split('"').nth(1).unwrap();
            let path = path.replace("{id}", ID).replace("{token}", "a-token");
            (path, line.contains(", get("), line.contains("post("))
        })
        .collect();
    assert!(routes.len() > 30, "the routes are read from the sources");
    routes
}

async fn asked(site: &Router, request: Request<Body>) -> Response {
    site.clone().oneshot(request).await.unwrap()
}

fn get(path: &str) -> Request<Body> {
    Request::get(path).body(Body::empty()).unwrap()
}

/// A form as one of our own pages sends it.
fn form(path: &str, cookie: &str, body: &str) -> Request<Body> {
    Request::post(path)
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .header("sec-fetch-site", "same-origin")
        .header(header::ORIGIN, "null")
        .header(header::COOKIE, cookie.to_owned())
        .body(Body::from(body.to_owned()))
        .unwrap()
}

async fn text(response: Response) -> String {
    String::from_utf8(to_bytes(response.into_body(), usize::MAX).await.unwrap().to_vec()).unwrap()
}

fn assert_guarded(headers: &HeaderMap, https: bool, what: &str) {
    let value = |name: &str| headers.get(name).map(|value| value.to_str().unwrap()).unwrap_or_default();
    let csp = value("content-security-policy");
    for part in [
        "default-src 'none'",
        "style-src 'self'",
        "img-src 'self' data:",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
    ] {
        assert!(csp.contains(part), "{what}: {csp:?} lacks {part}");
    }
    assert!(!csp.contains("unsafe") && !csp.contains("script"), "{what}: {csp}");
    assert_eq!(value("x-content-type-options"), "nosniff", "{what}");
    assert_eq!(value("referrer-policy"), "no-referrer", "{what}");
    assert_eq!(value("cache-control"), "no-store", "{what}");
    assert_eq!(value("strict-transport-security").is_empty(), !https, "{what}");
}

#[tokio::test]
async fn s19_every_route_carries_the_headers_whatever_it_answers() {
    for (public_url, https) in [(DEMO, false), (PUBLIC, true)] {
        let site = site(public_url);
        for (path, _, _) in routes() {
            for method in
                [Method::GET, Method::HEAD, Method::POST, Method::PUT, Method::DELETE, Method::OPTIONS]
            {
                let request =
                    Request::builder().method(method.clone()).uri(&path).body(Body::empty()).unwrap();
                let response = asked(&site, request).await;
                assert_guarded(response.headers(), https, &format!("{method} {path}"));
            }
        }
        for path in ["/nowhere", "/sign-in/not-an-id", "/%ff", "/assets/style.css"] {
            assert_guarded(asked(&site, get(path)).await.headers(), https, path);
        }
    }
}

#[tokio::test]
async fn s19_every_form_refuses_what_does_not_come_from_our_pages() {
    let site = site(DEMO);
    let token = "0123456789abcdef0123456789abcdef";
    let cookie = format!("twostep-demo-csrf={token}; twostep-demo=session");
    let right = format!("csrf={token}");
    for (path, _, posts) in routes() {
        if !posts {
            continue;
        }
        let mut silent = form(&path, &cookie, &right);
        silent.headers_mut().remove("sec-fetch-site");
        silent.headers_mut().remove(header::ORIGIN);
        let mut elsewhere = form(&path, &cookie, &right);
        elsewhere.headers_mut().insert("sec-fetch-site", "cross-site".parse().unwrap());
        let mut json = form(&path, &cookie, &right);
        json.headers_mut().insert(header::CONTENT_TYPE, "text/plain".parse().unwrap());
        let refused = [
            ("no origin", silent),
            ("another site", elsewhere),
            ("no form", json),
            ("no token", form(&path, &cookie, "")),
            ("another token", form(&path, &cookie, "csrf=ffffffffffffffffffffffffffffffff")),
            ("no cookie", form(&path, "twostep-demo=session", &right)),
            ("an empty cookie", form(&path, "twostep-demo-csrf=; twostep-demo=session", "csrf=")),
        ];
        for (why, request) in refused {
            let response = asked(&site, request).await;
            assert_eq!(response.status(), StatusCode::FORBIDDEN, "{path}: {why}");
            let page = text(response).await;
            assert!(page.contains("nothing was changed"), "{path}: {why}: {page}");
        }
        // With everything right it reaches the API, which isn't there; what asks the API nothing leads on.
        let response = asked(&site, form(&path, &cookie, &right)).await;
        assert!(matches!(response.status().as_u16(), 422 | 503), "{path}: {}", response.status());
    }
}

#[tokio::test]
async fn a_form_of_a_page_passes_with_the_cookie_that_came_with_it() {
    let site = site(PUBLIC);
    let page = asked(&site, get("/sign-in")).await;
    let cookie = page.headers()[header::SET_COOKIE].to_str().unwrap().to_owned();
    assert!(cookie.starts_with("__Host-twostep-csrf="), "{cookie}");
    assert!(cookie.contains("; HttpOnly; SameSite=Lax; Secure; Path=/"), "{cookie}");
    let html = text(page).await;
    let token = html.split("name=\"csrf\" value=\"").nth(1).and_then(|rest| rest.split('"').next()).unwrap();
    let sent =
        form("/sign-in", cookie.split(';').next().unwrap(), &format!("csrf={token}&login=kim&password=x"));
    let response = asked(&site, sent).await;
    assert_eq!(response.status(), StatusCode::SERVICE_UNAVAILABLE, "the API isn't there");
    assert!(text(response).await.contains("checks sign-ins can"));
}

#[tokio::test]
async fn what_was_typed_comes_back_escaped() {
    let site = site(DEMO);
    let page = asked(&site, get("/sign-in?login=%22%3E%3Cscript%3Ealert(1)%3C/script%3E")).await;
    let html = text(page).await;
    assert!(!html.contains("<script"), "{html}");
    assert!(html.contains("&#60;script") || html.contains("&lt;script"), "{html}");
}

#[tokio::test]
async fn no_page_has_a_script_or_an_inline_style_or_says_error_occurred() {
    let site = site(DEMO);
    for (path, gets, _) in routes() {
        if !gets {
            continue;
        }
        let mut request = get(&path);
        request.headers_mut().insert(header::COOKIE, "twostep-demo=session".parse().unwrap());
        let html = text(asked(&site, request).await).await;
        for bad in ["<script", " style=", "<style", "javascript:", " onclick", "error occurred"] {
            assert!(!html.to_lowercase().contains(bad), "{path} has {bad}");
        }
    }
}

#[tokio::test]
async fn nobody_signed_in_is_led_to_the_sign_in_page() {
    let site = site(DEMO);
    for path in ["/account", "/account/password", "/settings/two-step", "/organisation", "/step-up", "/"] {
        let response = asked(&site, get(path)).await;
        assert_eq!(response.status(), StatusCode::SEE_OTHER, "{path}");
        assert_eq!(response.headers()[header::LOCATION], "/sign-in", "{path}");
    }
}

#[tokio::test]
async fn the_host_header_reaches_no_link() {
    let site = site(DEMO);
    let mut request = get("/password-resets");
    for name in ["host", "x-forwarded-host", "forwarded"] {
        request.headers_mut().insert(name, "evil.example".parse().unwrap());
    }
    let response = asked(&site, request).await;
    assert!(!format!("{:?}", response.headers()).contains("evil.example"));
    assert!(!text(response).await.contains("evil.example"));
}

#[tokio::test]
async fn the_stylesheet_is_kept_for_ever_and_nothing_else_is() {
    let site = site(DEMO);
    let html = text(asked(&site, get("/sign-in")).await).await;
    let path = html.split("href=\"").find(|rest| rest.starts_with("/assets/style-")).unwrap();
    let response = asked(&site, get(path.split('"').next().unwrap())).await;
    assert_eq!(response.status(), StatusCode::OK);
    assert_eq!(response.headers()[header::CONTENT_TYPE], "text/css; charset=utf-8");
    assert!(response.headers()[header::CACHE_CONTROL].to_str().unwrap().contains("immutable"));
    assert!(response.headers().get(header::SET_COOKIE).is_none());
}

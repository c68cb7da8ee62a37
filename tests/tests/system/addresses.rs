//! Whose address counts on the pages: what a trusted proxy says of the browser, and nobody else's word (S15).

use reqwest::Method;
use serde_json::json;
use twostep_tests::harness::{Plain, Product as _};
use twostep_tests::story::{Browser, Stage};

/// How often one address may ask for a link within ten minutes.
const HEARD: u8 = 20;

/// *Forgotten password*, from a new browser behind a proxy that says this; the page's status.
async fn forgotten(stage: &Stage, forwarded_for: &str) -> u16 {
    let mut browser = Browser::new(&stage.product).unwrap().forwarded_for(forwarded_for);
    let form = browser.open("/password-resets").await.unwrap();
    let login = stage.login("nobody");
    let page = browser.send(&form, "/password-resets", &[("login", &login)]).await.unwrap();
    assert!(page.status != 200 || page.at == "/password-resets?sent", "{page:?}");
    page.status
}

#[tokio::test]
async fn s15_browsers_behind_a_trusted_proxy_are_limited_each_by_its_own_address() {
    let stage = Stage::open("proxied").await.unwrap();
    for number in 0..HEARD {
        // Further left stands what the browser itself sent: it makes no other address of it.
        let forwarded_for = format!("198.51.100.{number}, 203.0.113.7");
        assert_eq!(forgotten(&stage, &forwarded_for).await, 200, "{number}");
    }
    assert_eq!(forgotten(&stage, "203.0.113.7").await, 429);
    assert_eq!(forgotten(&stage, "203.0.113.8").await, 200);
    // The API counts the same addresses, since it believes the pages.
    let plain = Plain::new(&stage.product.url()).unwrap();
    for (address, status) in [("203.0.113.7", 429), ("203.0.113.9", 202)] {
        let request = plain.request(Method::POST, "/api/v1/password-resets", None);
        let request = request.header("x-forwarded-for", address);
        let request = request.json(&json!({ "login": stage.login("nobody") }));
        let answer = twostep_tests::harness::answer(request).await.unwrap();
        assert_eq!(answer.status, status, "{address}: {}", answer.body);
    }
}

#[tokio::test]
async fn s15_what_comes_through_no_trusted_proxy_has_the_connection_s_address_whatever_it_says() {
    let elsewhere = ("TWOSTEP_HTTP__TRUSTED_PROXIES", "['192.0.2.1']".into());
    let stage = Stage::open_in("direct", vec![elsewhere]).await.unwrap();
    for number in 0..HEARD {
        assert_eq!(forgotten(&stage, &format!("203.0.113.{number}")).await, 200, "{number}");
    }
    assert_eq!(forgotten(&stage, "203.0.113.99").await, 429);
}

//! The page for people.

use serde_json::json;

use crate::fixture::Fixture;

#[tokio::test]
async fn the_page_shows_codes_and_links_and_escapes_everything() {
    let fixture = Fixture::new().await;
    let text = "<script>x</script> 123456 https://x.example/v/1";
    fixture.client.post(fixture.url("/sms")).json(&json!({ "to": "+1", "text": text })).send().await.unwrap();
    let answer = fixture.get("/").await;
    let csp = answer.headers()["content-security-policy"].to_str().unwrap().to_owned();
    assert!(csp.starts_with("default-src 'none'; style-src 'self'"));
    let page = answer.text().await.unwrap();
    assert!(page.contains("<p class=\"code\">123 456</p>"), "{page}");
    assert!(page.contains("href=\"https://x.example/v/1\""), "{page}");
    assert!(!page.contains("<script"), "{page}");
    let style = fixture.get("/inbox.css").await;
    assert!(style.text().await.unwrap().contains("prefers-color-scheme"));
}

#[tokio::test]
async fn other_hosts_names_are_not_answered() {
    let fixture = Fixture::new().await;
    let request = fixture.client.get(fixture.url("/messages")).header("host", "evil.example");
    assert_eq!(request.send().await.unwrap().status(), 421);
}

//! What a save answers where the directory doesn't follow.

use std::sync::Arc;

use axum::body::{Body, to_bytes};
use axum::http::{Request, StatusCode, header};
use tower::ServiceExt as _;
use twostep_domain::CompanyId;

use super::*;
use crate::routes::held::{Held, app, company};

fn save_policy(company: CompanyId, token: &str, revision: u64) -> Request<Body> {
    let put = serde_json::json!({ "reason": "a test", "policy": {
        "admins": false, "technicians": "none", "primary": "app", "backups": ["email"], "code_life_seconds": 101 + revision,
    } });
    Request::put(format!("/companies/{}/policy", company.0))
        .header(header::AUTHORIZATION, format!("Bearer {token}"))
        .header(header::IF_MATCH, format!("\"{revision}\""))
        .header(header::CONTENT_TYPE, "application/json")
        .body(Body::from(put.to_string()))
        .unwrap()
}

/// What a save on the latest revision is answered.
async fn saved(app: &App, company: CompanyId, token: &str) -> SavedPolicy {
    let revision = app.commands.company(company).await.unwrap().revision().unwrap().0;
    let routes = axum::Router::new().route("/companies/{id}/policy", axum::routing::put(save));
    let routes = routes.with_state(app.clone());
    let answer = routes.oneshot(save_policy(company, token, revision)).await.unwrap();
    let status = answer.status();
    let body = to_bytes(answer.into_body(), 65_536).await.unwrap();
    assert_eq!(status, StatusCode::OK, "{}", String::from_utf8_lossy(&body));
    serde_json::from_slice(&body).unwrap()
}

#[tokio::test]
async fn a_policy_that_was_saved_is_answered_so_also_where_the_directory_stands_still() {
    let directory = tempfile::tempdir().unwrap();
    let reader = Arc::new(Held::default());
    let app = app(reader.clone(), directory.path()).await;
    let (company, token) = company(&app.commands).await;
    let head = app.reader.head(company).await.unwrap();
    app.commands.directory().reached(&head).await.unwrap();
    // It gives up on the directory after a time, which passes at once.
    tokio::time::pause();
    reader.held.send_replace(true);
    let first = saved(&app, company, &token).await;
    assert!(first.policy.code_life_seconds > 100 && first.effect.is_none());

    reader.held.send_replace(false);
    let second = saved(&app, company, &token).await;
    assert!(second.effect.is_some());
}

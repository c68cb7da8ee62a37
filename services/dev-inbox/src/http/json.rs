//! A gateway that takes JSON, as generic webhooks send it.

use std::sync::Arc;

use axum::Json;
use axum::extract::{ConnectInfo, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use serde::Deserialize;
use serde_json::json;

use super::reset::Cutter;
use super::text::{arrival, struck};
use crate::shared::Shared;

#[derive(Deserialize)]
pub(super) struct Text {
    to: String,
    #[serde(default)]
    from: String,
    text: String,
}

pub(super) async fn take(
    State(shared): State<Arc<Shared>>,
    ConnectInfo(cutter): ConnectInfo<Cutter>,
    Json(Text { to, from, text }): Json<Text>,
) -> Response {
    let keep = || shared.inbox.put(arrival(from.clone(), to.clone(), text.clone()));
    if let Some(answer) = struck(&shared, &cutter, &to, &keep).await {
        return answer;
    }
    let id = keep();
    (StatusCode::ACCEPTED, Json(json!({ "id": format!("msg-{id}") }))).into_response()
}

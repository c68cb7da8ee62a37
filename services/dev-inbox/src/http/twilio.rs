//! A gateway that takes texts as Twilio does: `POST /2010-04-01/Accounts/{sid}/Messages.json`.

use std::sync::Arc;

use axum::Json;
use axum::extract::{ConnectInfo, Form, Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use serde::Deserialize;
use serde_json::json;

use super::reset::Cutter;
use super::status::Callback;
use super::text::{arrival, struck};
use crate::shared::Shared;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Text {
    to: Option<String>,
    from: Option<String>,
    messaging_service_sid: Option<String>,
    body: Option<String>,
    status_callback: Option<String>,
}

pub(super) async fn take(
    State(shared): State<Arc<Shared>>,
    ConnectInfo(cutter): ConnectInfo<Cutter>,
    Path(account): Path<String>,
    headers: HeaderMap,
    Form(text): Form<Text>,
) -> Response {
    let authorised = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    if !authorised.is_some_and(|value| value.starts_with("Basic ")) {
        return refuse(StatusCode::UNAUTHORIZED, 20003, "Authenticate");
    }
    let Some(to) = text.to.filter(|to| to.starts_with('+')) else {
        return refuse(StatusCode::BAD_REQUEST, 21211, "Invalid 'To' Phone Number");
    };
    let Some(from) = text.from.or(text.messaging_service_sid) else {
        return refuse(StatusCode::BAD_REQUEST, 21603, "A 'From' phone number is required.");
    };
    let Some(body) = text.body.filter(|body| !body.is_empty()) else {
        return refuse(StatusCode::BAD_REQUEST, 21602, "Message body is required.");
    };
    let keep = || shared.inbox.put(arrival(from.clone(), to.clone(), body.clone()));
    let callback = Callback::of(text.status_callback.as_deref(), &headers);
    if let Some(answer) = struck(&shared, &cutter, &to, &keep).await {
        return answer;
    }
    let sid = format!("SM{:032x}", keep());
    if let Some(callback) = callback {
        let status = shared.faults.status(&to).unwrap_or_else(|| "delivered".to_owned());
        callback.tell(sid.clone(), status);
    }
    let answer = json!({
        "sid": sid, "account_sid": account, "status": "queued",
        "to": to, "from": from, "num_segments": "1", "error_code": null, "error_message": null,
    });
    (StatusCode::CREATED, Json(answer)).into_response()
}

fn refuse(status: StatusCode, code: u32, message: &str) -> Response {
    let more_info = format!("https://www.twilio.com/docs/errors/{code}");
    let body = json!({ "code": code, "message": message, "more_info": more_info, "status": status.as_u16() });
    (status, Json(body)).into_response()
}

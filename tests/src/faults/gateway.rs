//! An SMS gateway that says no, says something unheard of, or hangs up.

use serde_json::{Value, json};

use super::field::Field;
use super::{Length, Row};
use crate::harness::Workers;

/// What becomes of a text in the end.
#[derive(Clone, Copy)]
enum End {
    /// It is there, once; or nobody knows, and nobody tries again.
    Counted,
    /// It was refused for good.
    Refused,
}

/// What the gateway does once, and what the text comes to.
const ANSWERS: [(&str, &str, End); 8] = [
    ("the gateway is asked too often, 429", r#"{ "status": 429 }"#, End::Counted),
    (
        "the gateway is asked too often and says until when",
        r#"{ "status": 429, "retry_after": 2 }"#,
        End::Counted,
    ),
    ("the gateway has failed, 500", r#"{ "status": 500 }"#, End::Counted),
    (
        "the gateway takes a text and says that it failed",
        r#"{ "status": 200, "body": "{\"sid\":\"SM1\",\"status\":\"failed\",\"error_code\":30003}" }"#,
        End::Counted,
    ),
    (
        "the gateway takes no text to a number",
        r#"{ "status": 400, "body": "{\"code\":21211,\"status\":400}" }"#,
        End::Refused,
    ),
    (
        "the gateway stops in the middle of its answer",
        r#"{ "status": 201, "body": "{\"sid\":" }"#,
        End::Counted,
    ),
    ("the gateway takes a text and hangs up", r#"{ "reset": true }"#, End::Counted),
    // Last: it is a mistake in the settings, and the gateway is left alone for a while after it.
    ("the gateway sends us elsewhere", r#"{ "status": 302 }"#, End::Refused),
];

pub(super) async fn rows(length: Length) -> anyhow::Result<Vec<Row>> {
    let mut field = Field::open("texting", Workers { email: 1, sms: 1 }).await?;
    field.of_texts().await?;
    let runs = length.of(1, 4);
    let mut rows = Vec::new();
    for (fault, answer, end) in ANSWERS {
        for _ in 0..runs {
            let mut answer: Value = serde_json::from_str(answer)?;
            answer["times"] = json!(1);
            field.inbox.misbehave(&json!({ "sms": [answer] })).await?;
            field.wish_text().await?;
            field.ended().await?;
        }
        rows.push(match end {
            End::Refused => field.count_refused(fault, runs).await?,
            End::Counted => field.count(fault, runs, 0).await?,
        });
    }
    Ok(rows)
}

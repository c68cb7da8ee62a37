//! Workers that die, and calls that take longer than the broker waits.

use serde_json::json;

use super::field::Field;
use super::{Length, Row};
use crate::harness::Workers;

/// The points at which a worker dies, as its option `--fail-point` names them.
const POINTS: [(&str, &str); 6] = [
    ("claimed", "a worker dies after its claim"),
    ("submitting", "a worker dies before the provider's call"),
    ("submitted", "a worker dies after the provider's answer"),
    ("decided", "a worker dies once its word is kept"),
    ("told", "a worker dies once the service is told"),
    ("ended", "a worker dies before the broker is told"),
];

pub(super) async fn rows(length: Length) -> anyhow::Result<Vec<Row>> {
    let mut rows = Vec::new();
    let mut field = Field::open("dying", Workers { email: 0, sms: 0 }).await?;
    for (point, fault) in POINTS {
        let runs = length.of(1, 10);
        for _ in 0..runs {
            field.wish(3).await?;
            field.cluster.add_dying_email_worker(point)?.wait()?;
        }
        field.cluster.add_email_worker()?;
        rows.push(field.count(fault, runs, runs).await?);
        field.cluster.email.clear();
    }
    drop(field);
    rows.push(slow_calls(length).await?);
    Ok(rows)
}

/// The broker gives a message to somebody else while the first one still talks to the mail server.
async fn slow_calls(length: Length) -> anyhow::Result<Row> {
    let mut field = Field::open("slow", Workers { email: 2, sms: 0 }).await?;
    let slow = json!({ "mail": [{ "stage": "end_of_data", "delay_ms": 5_000 }] });
    field.inbox.misbehave(&slow).await?;
    let runs = length.of(2, 20);
    field.wish(runs).await?;
    field.count("a call takes longer than the broker waits", runs, 0).await
}

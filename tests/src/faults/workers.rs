//! Workers that die, and calls that take longer than the broker waits.

use anyhow::{Context as _, ensure};
use serde_json::json;

use super::field::Field;
use super::{Length, Row};
use crate::harness::{Child, Workers};

/// The points at which a worker dies, as its option `--fail-point` names them.
const POINTS: [(&str, &str); 5] = [
    ("claimed", "a worker dies after its claim"),
    ("submitting", "a worker dies before the provider's call"),
    ("submitted", "a worker dies after the provider's answer"),
    ("decided", "a worker dies once its word is kept"),
    ("told", "a worker dies before the broker is told"),
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
    let mut field = Field::open("signals", Workers { email: 0, sms: 0 }).await?;
    rows.push(stopped(&mut field, length).await?);
    rows.push(frozen(&mut field, length).await?);
    Ok(rows)
}

/// A worker that is told to stop while its mail server says nothing: it ends in time, and its word is kept.
async fn stopped(field: &mut Field, length: Length) -> anyhow::Result<Row> {
    let runs = length.of(1, 10);
    for _ in 0..runs {
        let mut worker = in_mid_call(field, 60_000).await?;
        worker.signal("TERM")?;
        ensure!(worker.wait()?, "a worker that was told to stop ended badly: {}", worker.output());
    }
    field.cluster.add_email_worker()?;
    let row = field.count("a worker is told to stop in the middle of a call", runs, runs).await?;
    field.cluster.email.clear();
    Ok(row)
}

/// A worker whose machine stands still: another takes over, and the first one goes on as if nothing had happened.
async fn frozen(field: &mut Field, length: Length) -> anyhow::Result<Row> {
    let runs = length.of(1, 10);
    let mut thawed = Vec::new();
    for _ in 0..runs {
        let worker = in_mid_call(field, 1_000).await?;
        worker.signal("STOP")?;
        field.cluster.add_email_worker()?;
        field.ended().await?;
        worker.signal("CONT")?;
        thawed.push(worker);
        field.cluster.email.clear();
    }
    field.count("a worker is frozen in the middle of a call", runs, runs).await
}

/// A worker whose mail server takes `delay_ms` to answer, once it has the mail.
async fn in_mid_call(field: &mut Field, delay_ms: u32) -> anyhow::Result<Child> {
    let slow = json!({ "mail": [{ "stage": "end_of_data", "delay_ms": delay_ms, "times": 1 }] });
    field.inbox.misbehave(&slow).await?;
    field.wish(1).await?;
    field.cluster.add_email_worker()?;
    let worker = field.cluster.email.pop().context("no worker")?;
    field.inbox.misbehaved().await?;
    Ok(worker.child)
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

//! A long history made of a short one: a person's last sign-in, again and again.

use std::path::Path;

use anyhow::{Context as _, ensure};
use chrono::{DateTime, Duration, Utc};
use serde_json::Value;
use twostep_domain::{CompanyId, EventId, StreamKind};
use twostep_event_store::{NewEvent, Reader as _, RecordedEvent, StreamId, Writer as _};
use twostep_event_store_sqlite::SqliteStore;
use uuid::Uuid;

/// Sign-ins to an append.
const AT_ONCE: i64 = 50;

/// Appends `times` repetitions of the last sign-in of `member` to the log at `path`, which nobody has open.
/// Each is two time steps of an authenticator app after the one before; gives how long after the last sign-in the last one is.
///
/// # Errors
/// The log can't be opened, or the person never signed in.
pub(crate) async fn repeat_last_sign_in(
    path: &Path,
    company: Uuid,
    member: Uuid,
    times: i64,
) -> anyhow::Result<Duration> {
    let store = SqliteStore::open(path)?;
    let stream = StreamId::new(CompanyId(company), StreamKind::SecondStep, member);
    let recorded = store.load(&stream, None).await?.events;
    let begin = recorded.iter().rposition(|event| event.envelope.event_type == "SignInStarted");
    let model = recorded.get(begin.context("nobody signed in")?..).unwrap_or_default();
    ensure!(model.iter().any(|event| event.envelope.event_type == "SignedIn"), "the last sign-in is open");
    let mut last = recorded.last().map(|event| event.envelope.revision);
    let mut first = 1;
    while first <= times {
        let batch = first..=times.min(first + AT_ONCE - 1);
        first = batch.end() + 1;
        let events = batch.map(|number| again(model, number)).collect::<anyhow::Result<Vec<_>>>()?;
        let token = store.load(&stream, last).await?.token;
        last = Some(store.append(token, events.concat()).await?.revision);
    }
    Ok(Duration::minutes(times))
}

/// The events of `model` once more: `number` minutes later, with ids of their own.
fn again(model: &[RecordedEvent], number: i64) -> anyhow::Result<Vec<NewEvent>> {
    let later = Duration::minutes(number);
    let change = |event: &RecordedEvent| {
        let envelope = event.envelope.clone();
        let mut data: Value = serde_json::from_slice(&event.data)?;
        renew(&mut data, &envelope.event_type, later, number);
        let id = Uuid::new_v5(&envelope.id.0, &number.to_be_bytes());
        let recorded_at = envelope.recorded_at + later;
        Ok(NewEvent {
            id: EventId(id),
            event_type: envelope.event_type,
            version: envelope.version,
            data: serde_json::to_vec(&data)?,
            metadata: envelope.metadata,
            recorded_at,
        })
    };
    model.iter().map(change).collect()
}

/// Times move on, an app's time step by two, and every id becomes another, the same one for the same.
fn renew(value: &mut Value, name: &str, later: Duration, number: i64) {
    match value {
        Value::Object(fields) => {
            // Which group, company or pairing it was stays.
            let renewed = fields.iter_mut().filter(|(field, _)| *field != "judgement" && *field != "pairing");
            renewed.for_each(|(field, value)| renew(value, field, later, number));
        }
        Value::Array(values) => values.iter_mut().for_each(|value| renew(value, name, later, number)),
        Value::String(text) => {
            if let Ok(id) = text.parse::<Uuid>() {
                *text = Uuid::new_v5(&id, &number.to_be_bytes()).to_string();
            } else if let Ok(time) = text.parse::<DateTime<Utc>>() {
                *text = (time + later).to_rfc3339();
            }
        }
        Value::Number(step) if name == "step" => {
            *value = (step.as_i64().unwrap_or_default() + 2 * number).into();
        }
        _ => {}
    }
}

//! Making what is declared, as often as one likes.

use async_nats::jetstream::context::{CreateStreamErrorKind, GetStreamErrorKind};
use async_nats::jetstream::{self, Context, consumer::pull, kv, stream};
use serde::Serialize;
use serde_json::Value;

use crate::{Connected, Declaration};

/// What became of one stream, consumer or bucket.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Provisioned {
    /// Its name; a consumer's after its stream's.
    pub name: String,
    /// Whether it wasn't there.
    pub made: bool,
    /// What was otherwise, and is now as declared.
    pub changed: Vec<Difference>,
}

/// A setting that was another one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// Which.
    pub setting: String,
    /// What it was.
    pub was: String,
    /// What it is.
    pub is: String,
}

/// Why something isn't as declared.
#[derive(Debug, thiserror::Error)]
#[error("{name} can't be made as declared: {reason}")]
pub struct ProvisionError {
    /// Which.
    pub name: String,
    /// Why.
    pub reason: String,
}

/// Makes streams, consumers and buckets, or changes them to what is declared; says what was otherwise.
///
/// # Errors
/// [`ProvisionError`]; what came before it is made.
pub async fn provision(
    connected: &Connected,
    declaration: &Declaration,
) -> Result<Vec<Provisioned>, ProvisionError> {
    let jetstream = jetstream::new(connected.client().clone());
    let mut done = Vec::new();
    for (config, consumers) in &declaration.streams {
        done.push(stream(connected, &jetstream, config).await?);
        for wanted in consumers {
            done.push(consumer(connected, &jetstream, &config.name, wanted).await?);
        }
    }
    for config in &declaration.buckets {
        done.push(bucket(connected, &jetstream, config).await?);
    }
    Ok(done)
}

async fn stream(
    connected: &Connected,
    jetstream: &Context,
    wanted: &stream::Config,
) -> Result<Provisioned, ProvisionError> {
    let name = wanted.name.clone();
    let found = match jetstream.get_stream(&name).await {
        Ok(found) => Some(found.cached_info().config.clone()),
        Err(error) => match error.kind() {
            GetStreamErrorKind::JetStream(refusal)
                if refusal.error_code() == jetstream::ErrorCode::STREAM_NOT_FOUND =>
            {
                None
            }
            _ => return Err(failed(connected, &name, &error)),
        },
    };
    let Some(found) = found else {
        let made = jetstream.create_stream(wanted.clone()).await;
        made.map_err(|error| match error.kind() {
            CreateStreamErrorKind::JetStream(refusal) => failed(connected, &name, &refusal),
            _ => failed(connected, &name, &error),
        })?;
        return Ok(Provisioned { name, made: true, changed: Vec::new() });
    };
    let changed = differences(wanted, &found);
    if !changed.is_empty() {
        jetstream.update_stream(wanted).await.map_err(|error| failed(connected, &name, &error))?;
    }
    Ok(Provisioned { name, made: false, changed })
}

async fn consumer(
    connected: &Connected,
    jetstream: &Context,
    stream: &str,
    wanted: &pull::Config,
) -> Result<Provisioned, ProvisionError> {
    let durable = wanted.durable_name.as_deref().unwrap_or_default();
    let name = format!("{stream}/{durable}");
    let found: Result<jetstream::consumer::PullConsumer, _> =
        jetstream.get_consumer_from_stream(durable, stream).await;
    let changed = found.as_ref().map(|found| differences(wanted, &found.cached_info().config));
    let made = found.is_err();
    let kept = jetstream.create_consumer_on_stream(wanted.clone(), stream).await;
    kept.map_err(|error| failed(connected, &name, &error))?;
    Ok(Provisioned { name, made, changed: changed.unwrap_or_default() })
}

async fn bucket(
    connected: &Connected,
    jetstream: &Context,
    wanted: &kv::Config,
) -> Result<Provisioned, ProvisionError> {
    let name = wanted.bucket.clone();
    let before =
        jetstream.get_key_value(&name).await.ok().map(|found| found.stream.cached_info().config.clone());
    let kept = jetstream.create_or_update_key_value(wanted.clone()).await;
    kept.map_err(|error| failed(connected, &name, &error))?;
    let Some(before) = before else { return Ok(Provisioned { name, made: true, changed: Vec::new() }) };
    // A bucket is a stream whose other settings are the client's to choose.
    let after = stream::Config {
        max_messages_per_subject: wanted.history,
        max_age: wanted.max_age,
        storage: wanted.storage,
        num_replicas: wanted.num_replicas,
        ..before.clone()
    };
    Ok(Provisioned { name, made: false, changed: differences(&after, &before) })
}

/// What is declared and found otherwise; what isn't declared is the server's to choose.
fn differences(wanted: &impl Serialize, found: &impl Serialize) -> Vec<Difference> {
    let read = |config: Result<Value, _>| config.unwrap_or_default();
    let (wanted, found) = (read(serde_json::to_value(wanted)), read(serde_json::to_value(found)));
    let Value::Object(wanted) = wanted else { return Vec::new() };
    let declared = |value: &Value| !matches!(value, Value::Null) && value.as_i64() != Some(0);
    wanted
        .iter()
        .filter(|(setting, value)| declared(value) && found[setting.as_str()] != **value)
        .map(|(setting, value)| Difference {
            setting: setting.clone(),
            was: found[setting.as_str()].to_string(),
            is: value.to_string(),
        })
        .collect()
}

pub(crate) fn failed(connected: &Connected, name: &str, error: &dyn std::fmt::Display) -> ProvisionError {
    let reason = connected.refusal().unwrap_or_else(|| error.to_string());
    ProvisionError { name: name.to_owned(), reason }
}

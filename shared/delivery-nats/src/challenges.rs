//! Which message of a challenge is the newest: one key per challenge and channel.

use async_nats::jetstream::kv::{Store, UpdateErrorKind};
use twostep_delivery::{QueueError, Request};
use twostep_domain::Time;

use crate::Inner;
use crate::declaration::CHALLENGES;

/// Notes a message before it is published; one that is published late stays the older one.
pub(crate) async fn note(inner: &Inner, request: &Request) -> Result<(), QueueError> {
    let Some(key) = key(request) else { return Ok(()) };
    let (store, value) = (inner.bucket(CHALLENGES).await?, request.requested_at.to_rfc3339());
    // Most challenges have one message.
    let mut revision = 0;
    loop {
        match store.update(&key, value.clone().into(), revision).await {
            Ok(_) => return Ok(()),
            Err(error) if error.kind() == UpdateErrorKind::WrongLastRevision => {}
            Err(error) => return Err(inner.unavailable("noting the newest message of a challenge", error)),
        }
        let (found, newest) = newest(inner, &store, &key).await?;
        if newest.is_some_and(|newest| newest >= request.requested_at) {
            return Ok(());
        }
        revision = found;
    }
}

/// Whether a newer message of the same challenge was published.
pub(crate) async fn has_newer(inner: &Inner, request: &Request) -> Result<bool, QueueError> {
    let Some(key) = key(request) else { return Ok(false) };
    let store = inner.bucket(CHALLENGES).await?;
    let (_, newest) = newest(inner, &store, &key).await?;
    Ok(newest.is_some_and(|newest| newest > request.requested_at))
}

async fn newest(inner: &Inner, store: &Store, key: &str) -> Result<(u64, Option<Time>), QueueError> {
    let entry = store.entry(key).await;
    let entry =
        entry.map_err(|error| inner.unavailable("looking for newer messages of a challenge", error))?;
    let Some(entry) = entry else { return Ok((0, None)) };
    let newest = std::str::from_utf8(&entry.value).ok().and_then(|text| text.parse().ok());
    Ok((entry.revision, newest))
}

fn key(request: &Request) -> Option<String> {
    Some(format!("{}.{}", request.channel.as_str(), request.challenge?))
}

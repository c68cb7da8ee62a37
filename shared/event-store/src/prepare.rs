//! The part of an append that is the same on every engine: envelopes, times and sizes.

use twostep_domain::Time;

use crate::{
    AppendError, AppendToken, Envelope, MAX_APPEND_BYTES, MAX_EVENT_BYTES, NewEvent, Revision, StreamId,
};

/// An event as the engine is to store it: its two blobs, and the envelope that the first one holds.
#[derive(Clone, Debug)]
pub struct PreparedEvent {
    /// The envelope.
    pub envelope: Envelope,
    /// Its bytes.
    pub envelope_bytes: Vec<u8>,
    /// The data's bytes.
    pub data: Vec<u8>,
}

/// For adapters: the events of an append after `token`, none of them recorded before `not_before`
/// (the time of the stream's last event), each and all within the sizes that every engine takes.
///
/// # Errors
/// [`AppendError::TooLarge`]; [`AppendError::Unavailable`] where `events` is empty, which no caller does.
pub fn prepare(
    token: &AppendToken,
    not_before: Option<Time>,
    events: Vec<NewEvent>,
) -> Result<Vec<PreparedEvent>, AppendError> {
    if events.is_empty() {
        return Err(AppendError::Unavailable { reason: "an append has at least one event".to_owned() });
    }
    let mut prepared = Vec::with_capacity(events.len());
    let mut earliest = not_before;
    let mut total = 0;
    for (revision, event) in (token.next().0..).zip(events) {
        let event = prepare_one(token.stream(), Revision(revision), earliest, event)?;
        let bytes = event.envelope_bytes.len() + event.data.len();
        within(bytes, MAX_EVENT_BYTES)?;
        total += bytes;
        earliest = Some(event.envelope.recorded_at);
        prepared.push(event);
    }
    within(total, MAX_APPEND_BYTES)?;
    Ok(prepared)
}

fn prepare_one(
    stream: &StreamId,
    revision: Revision,
    earliest: Option<Time>,
    event: NewEvent,
) -> Result<PreparedEvent, AppendError> {
    let envelope = Envelope {
        id: event.id,
        company: stream.company,
        kind: stream.kind,
        key: stream.key.clone(),
        revision,
        event_type: event.event_type,
        version: event.version,
        recorded_at: earliest.map_or(event.recorded_at, |earliest| earliest.max(event.recorded_at)),
        metadata: event.metadata,
    };
    let envelope_bytes = serde_json::to_vec(&envelope).map_err(|error| AppendError::Unavailable {
        reason: format!("an envelope can't be written: {error}"),
    })?;
    Ok(PreparedEvent { envelope, envelope_bytes, data: event.data })
}

fn within(bytes: usize, limit: usize) -> Result<(), AppendError> {
    if bytes > limit { Err(AppendError::TooLarge { bytes, limit }) } else { Ok(()) }
}

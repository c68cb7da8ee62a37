//! An event as auditors see it.

use twostep_api::{AuditEvent, ClientKind};
use twostep_domain::ClientKind as Front;
use twostep_event_store::RecordedEvent;

use crate::mask::{MASK, mask};

/// `event` with everything sealed masked; `number` is its place in its company's history, from 1.
#[must_use]
pub fn shown(number: u64, event: &RecordedEvent) -> AuditEvent {
    let envelope = &event.envelope;
    let mut data = serde_json::from_slice(&event.data).unwrap_or_default();
    mask(&mut data);
    let metadata = &envelope.metadata;
    let origin = metadata.origin.as_ref();
    AuditEvent {
        company: envelope.company.0,
        number,
        id: envelope.id.0,
        event_type: envelope.event_type.clone(),
        version: envelope.version,
        recorded_at: envelope.recorded_at,
        kind: envelope.kind.as_str().to_owned(),
        key: envelope.key.as_str().to_owned(),
        revision: envelope.revision.0,
        actor: serde_json::to_value(&metadata.actor).unwrap_or_default(),
        client: origin.and_then(|origin| origin.client).map(client_kind),
        client_version: origin.and_then(|origin| origin.version.clone()),
        address: origin.and_then(|origin| origin.address.as_ref()).map(|_| MASK.to_owned()),
        correlation: metadata.correlation,
        causation: metadata.causation.map(|id| id.0),
        data,
    }
}

fn client_kind(kind: Front) -> ClientKind {
    match kind {
        Front::Web => ClientKind::Web,
        Front::Console => ClientKind::Console,
    }
}

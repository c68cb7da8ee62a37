//! An event as auditors see it.

use twostep_api::{AuditEvent, ClientKind};
use twostep_domain::{ClientKind as Front, MemberId, StreamKind};
use twostep_event_store::{Actor, Envelope, RecordedEvent};
use twostep_vault::{PersonalData, VaultError};

use crate::mask::{MASK, mask};
use crate::opened::Opened;

/// `event` with everything sealed masked; `number` is its place in its company's history, from 1.
#[must_use]
pub fn shown(number: u64, event: &RecordedEvent) -> AuditEvent {
    told(number, event, &mut |_| None)
}

/// The same with what is personal opened, where the person wasn't erased. Secrets stay masked.
///
/// # Errors
/// The key store's: what is masked for want of a key would look like that of an erased person.
pub fn unmasked(
    number: u64,
    event: &RecordedEvent,
    personal: &PersonalData,
) -> Result<AuditEvent, VaultError> {
    let mut opened = Opened::of(personal, event.envelope.company, people(&event.envelope));
    let event = told(number, event, &mut |sealed| opened.open(sealed));
    opened.or(event)
}

/// Whose data an event can hold: theirs whose stream it is in, and the address of whoever did it.
fn people(envelope: &Envelope) -> Vec<MemberId> {
    let subject = match envelope.kind {
        StreamKind::Member | StreamKind::SecondStep => envelope.key.uuid().map(MemberId),
        StreamKind::Company
        | StreamKind::Group
        | StreamKind::Login
        | StreamKind::Password
        | StreamKind::Delivery => None,
    };
    let actor = match envelope.metadata.actor {
        Actor::Member { id, .. } => Some(id),
        Actor::Visitor | Actor::Operator | Actor::System { .. } => None,
    };
    subject.into_iter().chain(actor.filter(|actor| Some(*actor) != subject)).collect()
}

fn told(number: u64, event: &RecordedEvent, open: &mut dyn FnMut(&str) -> Option<String>) -> AuditEvent {
    let envelope = &event.envelope;
    let mut data = serde_json::from_slice(&event.data).unwrap_or_default();
    mask(&mut data, open);
    let metadata = &envelope.metadata;
    let origin = metadata.origin.as_ref();
    let address = origin.and_then(|origin| origin.address.as_ref());
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
        address: address.map(|sealed| open(&sealed.0).unwrap_or_else(|| MASK.to_owned())),
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

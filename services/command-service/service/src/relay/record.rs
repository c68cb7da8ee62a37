//! What the relay itself writes into the log.

use twostep_commands::{Commands, ExecuteError, Fault};
use twostep_domain::delivery::{Delivery, DeliveryCommand};
use twostep_domain::{Aggregate as _, CompanyId, DeliveryId, EventId, IntentId, StreamKind};
use twostep_event_store::{Actor, Metadata, StreamId};
use twostep_vault::random;

/// Appends to a message's stream what `command` causes there; whether that is anything.
pub(super) async fn decide(
    commands: &Commands,
    company: CompanyId,
    id: DeliveryId,
    metadata: &Metadata,
    command: DeliveryCommand,
) -> Result<bool, Fault> {
    let stream = StreamId::new(company, StreamKind::Delivery, id.0);
    let done = commands
        .ledger()
        .execute::<Delivery, _>(&stream, metadata, |fold| Delivery::decide(fold.state(), command.clone()))
        .await;
    match done {
        Ok(done) => Ok(!done.events.is_empty()),
        Err(ExecuteError::Refused(refusal)) => {
            tracing::warn!(delivery = %id, %refusal, "an outcome was dropped");
            Ok(false)
        }
        Err(ExecuteError::Ledger(error)) => Err(error.into()),
    }
}

/// By the relay, because of an intent where there is one.
pub(super) fn metadata(intent: Option<IntentId>) -> Metadata {
    Metadata {
        actor: Actor::system("relay"),
        origin: None,
        correlation: intent.map_or_else(random::new_id, |intent| intent.0),
        causation: intent.map(|intent| EventId(intent.0)),
        idempotency: None,
    }
}

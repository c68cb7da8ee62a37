//! What the relay itself writes into the log.

use twostep_commands::{Commands, ExecuteError, Fault};
use twostep_domain::delivery::{Delivery, DeliveryCommand};
use twostep_domain::{Aggregate as _, CompanyId, DeliveryId, EventId, StreamKind};
use twostep_event_store::{Actor, Metadata, StreamId};
use twostep_vault::random;

use super::intent::Intent;

/// What came of a command on a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Written {
    /// The log tells it now.
    New,
    /// It said nothing that the log doesn't know.
    Nothing,
    /// It is against the rules, and always will be.
    Refused,
}

/// Appends to a message's stream what `command` causes there.
pub(super) async fn decide(
    commands: &Commands,
    company: CompanyId,
    id: DeliveryId,
    metadata: &Metadata,
    command: DeliveryCommand,
) -> Result<Written, Fault> {
    let stream = StreamId::new(company, StreamKind::Delivery, id.0);
    let done = commands
        .ledger()
        .execute::<Delivery, _>(&stream, metadata, |fold| Delivery::decide(fold.state(), command.clone()))
        .await;
    match done {
        Ok(done) => Ok(if done.events.is_empty() { Written::Nothing } else { Written::New }),
        Err(ExecuteError::Refused(refusal)) => {
            tracing::warn!(delivery = %id, %refusal, "an outcome was dropped");
            Ok(Written::Refused)
        }
        Err(ExecuteError::Ledger(error)) => Err(error.into()),
    }
}

/// By the relay, because of an intent where there is one.
pub(super) fn metadata(intent: Option<&Intent>) -> Metadata {
    Metadata {
        actor: Actor::system("relay"),
        origin: None,
        correlation: intent.map_or_else(random::new_id, |intent| intent.correlation),
        causation: intent.map(|intent| EventId(intent.id.0)),
        idempotency: None,
    }
}

//! What the operator's log says of a message: why it wasn't delivered, in words without address and content, and what
//! happens next.

use twostep_domain::delivery::Failure;

use crate::{Outcome, Report, Request};

/// Logs a worker's word; what an operator may have to act on is a warning.
pub(crate) fn tell(request: &Request, word: &Report) {
    let Report { id, company, channel, attempts, outcome, .. } = word;
    let (channel, kind) = (channel.as_str(), request.kind);
    match outcome {
        Outcome::Submitted { provider, .. } | Outcome::Delivered { provider } => {
            tracing::info!(%id, %company, channel, ?kind, attempts, provider, "a message was handed over");
        }
        Outcome::Retrying { reason, next_at } => tracing::warn!(
            %id, %company, channel, ?kind, attempts, reason, %next_at,
            "a message wasn't delivered: it is tried again"
        ),
        Outcome::Failed { because: Failure::Superseded, .. } => {
            tracing::info!(%id, %company, channel, ?kind, attempts, "a newer message takes a message's place");
        }
        Outcome::Failed { reason, .. } | Outcome::Bounced { reason, .. } => tracing::warn!(
            %id, %company, channel, ?kind, attempts, reason,
            "a message wasn't delivered and is not tried again"
        ),
        Outcome::Expired => tracing::warn!(
            %id, %company, channel, ?kind, attempts,
            "a message wasn't delivered in time and is not tried again: earlier warnings with its id say why"
        ),
        Outcome::Unknown { provider, reason } => tracing::warn!(
            %id, %company, channel, ?kind, attempts, provider, reason,
            "a message may or may not have been delivered: it is not sent again by itself"
        ),
    }
}

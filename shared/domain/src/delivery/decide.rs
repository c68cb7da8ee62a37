//! The rules of one message: outcomes may come twice and out of order, its stages only go forwards.

use super::{
    DeliveryBounced, DeliveryCommand, DeliveryDelivered, DeliveryError, DeliveryEvent, DeliveryExpired,
    DeliveryFailed, DeliveryRedriven, DeliveryRequested, DeliveryRetried, DeliveryState, DeliverySubmitted,
    DeliveryUnknown, Outcome, Progress, Redrive,
};
use crate::reason::reason_fits;
use crate::{Aggregate, StreamKind};

/// One message.
#[derive(Clone, Copy, Debug)]
pub struct Delivery;

impl Aggregate for Delivery {
    const KIND: StreamKind = StreamKind::Delivery;
    type State = DeliveryState;
    type Command = DeliveryCommand;
    type Event = DeliveryEvent;
    type Error = DeliveryError;

    fn evolve(state: DeliveryState, event: &DeliveryEvent) -> DeliveryState {
        let progress = match event {
            DeliveryEvent::DeliveryRequested(request) => {
                return match state {
                    DeliveryState::Absent => {
                        DeliveryState::Known { request: request.clone(), progress: Progress::Requested }
                    }
                    known @ DeliveryState::Known { .. } => known,
                };
            }
            DeliveryEvent::DeliveryRetried(retried) => Progress::Retrying { next_at: retried.next_at },
            DeliveryEvent::DeliverySubmitted(_) => Progress::Submitted,
            DeliveryEvent::DeliveryDelivered(_) => Progress::Delivered,
            DeliveryEvent::DeliveryBounced(_) => Progress::Bounced,
            DeliveryEvent::DeliveryFailed(failed) => Progress::Failed { because: failed.because },
            DeliveryEvent::DeliveryExpired(_) => Progress::Expired,
            DeliveryEvent::DeliveryUnknown(_) => Progress::Unknown,
            DeliveryEvent::DeliveryRedriven(_) => Progress::Requested,
        };
        match state {
            DeliveryState::Absent => DeliveryState::Absent,
            DeliveryState::Known { request, .. } => DeliveryState::Known { request, progress },
        }
    }

    fn decide(state: &DeliveryState, command: DeliveryCommand) -> Result<Vec<DeliveryEvent>, DeliveryError> {
        match (command, state) {
            (DeliveryCommand::Request(request), DeliveryState::Absent) => Ok(vec![request.into()]),
            (DeliveryCommand::Request(_), DeliveryState::Known { .. }) => Ok(vec![]),
            (DeliveryCommand::Record(_) | DeliveryCommand::Redrive(_), DeliveryState::Absent) => {
                Err(DeliveryError::NotRequested)
            }
            (DeliveryCommand::Record(outcome), DeliveryState::Known { progress, .. }) => {
                Ok(if leads_on(*progress, &outcome) { vec![event(outcome)] } else { vec![] })
            }
            (DeliveryCommand::Redrive(asked), DeliveryState::Known { request, progress }) => {
                redriven(asked, request, *progress)
            }
        }
    }
}

/// A dead letter goes out once more while it is of use: a code that died is never sent.
fn redriven(
    asked: Redrive,
    request: &DeliveryRequested,
    progress: Progress,
) -> Result<Vec<DeliveryEvent>, DeliveryError> {
    let Redrive { reason, now } = asked;
    if reason.trim().is_empty() || !reason_fits(&reason) {
        return Err(DeliveryError::Reason);
    }
    if progress.dead().is_none() {
        return Err(DeliveryError::NotDead(progress.as_str()));
    }
    if now >= request.expires_at {
        return Err(DeliveryError::Expired(request.expires_at));
    }
    Ok(vec![DeliveryRedriven { reason }.into()])
}

/// Whether `outcome` says something that `progress` doesn't know yet; what doesn't is dropped, not refused.
fn leads_on(progress: Progress, outcome: &Outcome) -> bool {
    match progress {
        Progress::Requested | Progress::Retrying { .. } => true,
        Progress::Submitted => matches!(outcome, Outcome::Delivered { .. } | Outcome::Bounced { .. }),
        Progress::Unknown => {
            matches!(outcome, Outcome::Submitted { .. } | Outcome::Delivered { .. } | Outcome::Bounced { .. })
        }
        Progress::Delivered | Progress::Bounced | Progress::Failed { .. } | Progress::Expired => false,
    }
}

fn event(outcome: Outcome) -> DeliveryEvent {
    match outcome {
        Outcome::Submitted { provider, provider_id, attempts } => {
            DeliverySubmitted { provider, provider_id, attempts }.into()
        }
        Outcome::Retried { reason, next_at, attempts } => {
            DeliveryRetried { reason, next_at, attempts }.into()
        }
        Outcome::Delivered { provider } => DeliveryDelivered { provider }.into(),
        Outcome::Bounced { provider, reason } => DeliveryBounced { provider, reason }.into(),
        Outcome::Failed { because, reason, attempts } => DeliveryFailed { because, reason, attempts }.into(),
        Outcome::Expired { attempts } => DeliveryExpired { attempts }.into(),
        Outcome::Unknown { provider, reason, attempts } => {
            DeliveryUnknown { provider, reason, attempts }.into()
        }
    }
}

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
        let (request, before, taken_by, round) = match (state, event) {
            (DeliveryState::Absent, DeliveryEvent::DeliveryRequested(request)) => {
                let (request, progress) = (request.clone(), Progress::Requested);
                return DeliveryState::Known { request, progress, taken_by: None, round: 0 };
            }
            (DeliveryState::Absent, _) => return DeliveryState::Absent,
            (DeliveryState::Known { request, progress, taken_by, round }, _) => {
                (request, progress, taken_by, round)
            }
        };
        let taken_by = match event {
            DeliveryEvent::DeliverySubmitted(taken) => Some(taken.provider.clone()),
            DeliveryEvent::DeliveryUnknown(lost) => Some(lost.provider.clone()),
            // Whoever takes it once more may be another one.
            DeliveryEvent::DeliveryRedriven(_) => None,
            DeliveryEvent::DeliveryRequested(_)
            | DeliveryEvent::DeliveryRetried(_)
            | DeliveryEvent::DeliveryDelivered(_)
            | DeliveryEvent::DeliveryBounced(_)
            | DeliveryEvent::DeliveryFailed(_)
            | DeliveryEvent::DeliveryExpired(_) => taken_by,
        };
        let asked_again = matches!(event, DeliveryEvent::DeliveryRequested(_));
        let progress = if asked_again { before } else { Progress::after(event) };
        let round = round + u32::from(matches!(event, DeliveryEvent::DeliveryRedriven(_)));
        DeliveryState::Known { request, progress, taken_by, round }
    }

    fn decide(state: &DeliveryState, command: DeliveryCommand) -> Result<Vec<DeliveryEvent>, DeliveryError> {
        match (command, state) {
            (DeliveryCommand::Request(request), DeliveryState::Absent) => Ok(vec![request.into()]),
            (DeliveryCommand::Request(_), DeliveryState::Known { .. }) => Ok(vec![]),
            (_, DeliveryState::Absent) => Err(DeliveryError::NotRequested),
            (DeliveryCommand::Report { channel, .. }, DeliveryState::Known { request, .. })
                if channel != request.channel =>
            {
                Err(DeliveryError::OtherChannel)
            }
            // It is about what was sent before: what is on its way now is another one's to speak of.
            (DeliveryCommand::Report { round: Some(told), .. }, DeliveryState::Known { round, .. })
                if told < *round =>
            {
                Ok(vec![])
            }
            (
                DeliveryCommand::Record(outcome) | DeliveryCommand::Report { outcome, .. },
                DeliveryState::Known { progress, taken_by, .. },
            ) => {
                let counts = leads_on(*progress, &outcome) && is_takers(taken_by.as_deref(), &outcome);
                Ok(if counts { vec![event(outcome)] } else { vec![] })
            }
            (DeliveryCommand::Redrive(asked), DeliveryState::Known { request, progress, .. }) => {
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
        // Nobody had spoken of it when that was written down: who knows better is heard (what a broker kept back, or lost).
        Progress::Expired => matches!(
            outcome,
            Outcome::Submitted { .. }
                | Outcome::Unknown { .. }
                | Outcome::Delivered { .. }
                | Outcome::Bounced { .. }
        ),
        Progress::Delivered | Progress::Bounced | Progress::Failed { .. } => false,
    }
}

/// Whether a provider's word on what it took is that of the one that did, where that is known: another's is dropped.
fn is_takers(taken_by: Option<&str>, outcome: &Outcome) -> bool {
    match outcome {
        Outcome::Delivered { provider } | Outcome::Bounced { provider, .. } => {
            taken_by.is_none_or(|taker| taker == provider)
        }
        _ => true,
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

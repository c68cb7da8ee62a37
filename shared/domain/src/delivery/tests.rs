//! What a message remembers.

mod properties;

use chrono::DateTime;
use uuid::Uuid;

use super::*;
use crate::{Aggregate, Digest, IntentId, MemberId};

fn request() -> DeliveryRequested {
    DeliveryRequested {
        intent: IntentId(Uuid::nil()),
        recipient: MemberId(Uuid::nil()),
        destination_hash: Digest::of(&[7; 32]),
        channel: Channel::Email,
        kind: MessageKind::SignInCode,
        urgency: Urgency::Urgent,
        expires_at: DateTime::UNIX_EPOCH,
    }
}

fn submitted() -> Outcome {
    Outcome::Submitted { provider: "relay".into(), provider_id: None, attempts: 1 }
}

fn delivered() -> Outcome {
    Outcome::Delivered { provider: "relay".into() }
}

fn after(outcomes: &[Outcome]) -> DeliveryState {
    let mut state = Delivery::evolve(DeliveryState::default(), &request().into());
    for outcome in outcomes {
        for event in Delivery::decide(&state, DeliveryCommand::Record(outcome.clone())).unwrap() {
            state = Delivery::evolve(state, &event);
        }
    }
    state
}

#[test]
fn a_message_is_requested_once() {
    let first = Delivery::decide(&DeliveryState::Absent, DeliveryCommand::Request(request()));
    assert_eq!(first, Ok(vec![request().into()]));
    assert_eq!(Delivery::decide(&after(&[]), DeliveryCommand::Request(request())), Ok(vec![]));
}

#[test]
fn an_outcome_of_an_unknown_message_is_refused() {
    let refused = Delivery::decide(&DeliveryState::Absent, DeliveryCommand::Record(delivered()));
    assert_eq!(refused, Err(DeliveryError::NotRequested));
}

#[test]
fn the_same_outcome_twice_is_recorded_once() {
    assert_eq!(Delivery::decide(&after(&[submitted()]), DeliveryCommand::Record(submitted())), Ok(vec![]));
}

#[test]
fn stages_only_go_forwards() {
    let state = after(&[delivered(), submitted(), Outcome::Expired { attempts: 1 }]);
    assert_eq!(state, DeliveryState::Known { request: request(), progress: Progress::Delivered });
}

#[test]
fn a_lost_answer_can_still_turn_out_well() {
    let lost = Outcome::Unknown { provider: "relay".into(), reason: "timed out".into(), attempts: 1 };
    let state = after(&[lost, submitted(), delivered()]);
    assert_eq!(state, DeliveryState::Known { request: request(), progress: Progress::Delivered });
}

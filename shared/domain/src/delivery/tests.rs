//! What a message remembers.

mod properties;

use chrono::{DateTime, TimeDelta};
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

fn progress(state: &DeliveryState) -> Progress {
    match state {
        DeliveryState::Absent => panic!("nobody asked for it"),
        DeliveryState::Known { progress, .. } => *progress,
    }
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
fn s27_nobody_says_what_became_of_another_channel_s_message() {
    let told = |channel| {
        let outcome = Outcome::Failed { because: Failure::Poison, reason: "x".into(), attempts: 1 };
        Delivery::decide(&after(&[]), DeliveryCommand::Report { channel, round: Some(0), outcome })
    };
    assert_eq!(told(Channel::Sms), Err(DeliveryError::OtherChannel));
    assert_eq!(told(request().channel).map(|events| events.len()), Ok(1));
}

#[test]
fn the_same_outcome_twice_is_recorded_once() {
    assert_eq!(Delivery::decide(&after(&[submitted()]), DeliveryCommand::Record(submitted())), Ok(vec![]));
}

#[test]
fn stages_only_go_forwards() {
    let state = after(&[delivered(), submitted(), Outcome::Expired { attempts: 1 }]);
    assert_eq!(progress(&state), Progress::Delivered);
}

fn redrive(state: &DeliveryState, reason: &str, later: i64) -> Result<Vec<DeliveryEvent>, DeliveryError> {
    let (reason, now) = (reason.to_owned(), DateTime::UNIX_EPOCH + TimeDelta::seconds(later));
    Delivery::decide(state, DeliveryCommand::Redrive(Redrive { reason, now }))
}

fn failed(because: Failure) -> Outcome {
    Outcome::Failed { because, reason: "550".into(), attempts: 1 }
}

fn lost() -> Outcome {
    Outcome::Unknown { provider: "relay".into(), reason: "timed out".into(), attempts: 1 }
}

#[test]
fn what_ended_badly_is_sent_once_more_while_it_is_of_use() {
    let bounced = Outcome::Bounced { provider: "relay".into(), reason: "full".into() };
    for ending in
        [failed(Failure::Rejected), failed(Failure::Configuration), failed(Failure::Poison), lost(), bounced]
    {
        let state = after(std::slice::from_ref(&ending));
        let redriven = redrive(&state, "mended", -1).unwrap();
        assert_eq!(redriven, [DeliveryRedriven { reason: "mended".into() }.into()], "{ending:?}");
        let state = Delivery::evolve(state, &redriven[0]);
        let DeliveryState::Known { progress, taken_by, round, .. } = state else {
            panic!("it was requested")
        };
        assert_eq!((progress, taken_by, round), (Progress::Requested, None, 1), "{ending:?}");
        let expired = DeliveryError::Expired(request().expires_at);
        assert_eq!(redrive(&after(&[ending]), "mended", 0), Err(expired));
    }
}

#[test]
fn what_is_under_way_arrived_or_ended_on_purpose_is_not_sent_once_more() {
    let retried = Outcome::Retried { reason: "450".into(), next_at: request().expires_at, attempts: 1 };
    let on_purpose = [Failure::Budget, Failure::Superseded, Failure::Gone].map(failed);
    let others = [retried, submitted(), delivered(), Outcome::Expired { attempts: 1 }];
    for ending in on_purpose.into_iter().chain(others) {
        let refused = redrive(&after(std::slice::from_ref(&ending)), "mended", -1);
        assert!(matches!(refused, Err(DeliveryError::NotDead(_))), "{ending:?}");
    }
    assert_eq!(redrive(&after(&[]), "mended", -1), Err(DeliveryError::NotDead("requested")));
    assert_eq!(redrive(&DeliveryState::Absent, "mended", -1), Err(DeliveryError::NotRequested));
}

#[test]
fn a_word_on_what_was_sent_before_does_not_end_what_is_sent_once_more() {
    let before = after(&[failed(Failure::Rejected)]);
    let state = Delivery::evolve(before, &DeliveryRedriven { reason: "mended".into() }.into());
    let says = |round, outcome| {
        let told = DeliveryCommand::Report { channel: request().channel, round, outcome };
        Delivery::decide(&state, told).unwrap().len()
    };
    assert_eq!(says(Some(0), failed(Failure::Rejected)), 0);
    assert_eq!(says(Some(1), failed(Failure::Rejected)), 1);
    assert_eq!(says(None, delivered()), 1, "a provider knows no rounds");
}

#[test]
fn whoever_sends_a_message_once_more_says_why() {
    let state = after(&[lost()]);
    for reason in ["", " \n", &"x".repeat(501)] {
        assert_eq!(redrive(&state, reason, -1), Err(DeliveryError::Reason), "{reason}");
    }
}

#[test]
fn a_lost_answer_can_still_turn_out_well() {
    let state = after(&[lost(), submitted(), delivered()]);
    assert_eq!(progress(&state), Progress::Delivered);
}

#[test]
fn s28_only_the_provider_that_took_a_message_says_what_became_of_it() {
    let foreign = Outcome::Delivered { provider: "another".into() };
    let bounced = Outcome::Bounced { provider: "another".into(), reason: "no".into() };
    for taken in [submitted(), lost()] {
        let state = after(std::slice::from_ref(&taken));
        assert_eq!(after(&[taken, foreign.clone(), bounced.clone()]), state);
    }
    assert_eq!(progress(&after(&[submitted(), foreign, delivered()])), Progress::Delivered);
}

#[test]
fn what_was_taken_for_expired_can_turn_out_to_have_been_sent() {
    let expired = Outcome::Expired { attempts: 0 };
    let bounced = Outcome::Bounced { provider: "relay".into(), reason: "full".into() };
    for told in [submitted(), lost(), delivered(), bounced] {
        let state = after(&[expired.clone(), told.clone()]);
        assert_eq!(progress(&state), progress(&after(std::slice::from_ref(&told))), "{told:?}");
    }
    let retried = Outcome::Retried { reason: "450".into(), next_at: request().expires_at, attempts: 1 };
    for told in [retried, failed(Failure::Rejected), expired.clone()] {
        assert_eq!(progress(&after(&[expired.clone(), told])), Progress::Expired);
    }
}

#[test]
fn a_provider_s_word_may_come_before_the_worker_s() {
    assert_eq!(progress(&after(&[delivered(), submitted()])), Progress::Delivered);
}

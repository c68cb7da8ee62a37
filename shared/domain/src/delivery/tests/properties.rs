use proptest::prelude::*;
use proptest::sample::select;
use proptest::{collection, option};
use uuid::Uuid;

use super::*;
use crate::samples::{any_digest, any_member, any_reason, any_time, every_event_comes_back, walk};

fn any_channel() -> impl Strategy<Value = Channel> {
    select(vec![Channel::Email, Channel::Sms])
}

fn any_request() -> impl Strategy<Value = DeliveryRequested> {
    let kinds = vec![MessageKind::SignInCode, MessageKind::Invitation, MessageKind::MethodChanged];
    let what = (any_channel(), select(kinds), any_time());
    (1_u128..4, any_member(), any_digest(), what).prop_map(
        |(intent, recipient, destination_hash, (channel, kind, expires_at))| DeliveryRequested {
            intent: IntentId(Uuid::from_u128(intent)),
            recipient,
            destination_hash,
            channel,
            kind,
            urgency: kind.urgency(),
            expires_at,
        },
    )
}

fn any_provider() -> impl Strategy<Value = String> {
    "[a-z]{1,8}"
}

fn any_failure() -> impl Strategy<Value = Failure> {
    select(vec![
        Failure::Rejected,
        Failure::Configuration,
        Failure::Budget,
        Failure::Poison,
        Failure::Superseded,
        Failure::Gone,
    ])
}

fn any_outcome() -> impl Strategy<Value = Outcome> {
    let attempts = || 0_u32..5;
    prop_oneof![
        (any_provider(), option::of(any_provider()), attempts()).prop_map(
            |(provider, provider_id, attempts)| Outcome::Submitted { provider, provider_id, attempts }
        ),
        (any_reason(), any_time(), attempts()).prop_map(|(reason, next_at, attempts)| Outcome::Retried {
            reason,
            next_at,
            attempts
        }),
        any_provider().prop_map(|provider| Outcome::Delivered { provider }),
        (any_provider(), any_reason()).prop_map(|(provider, reason)| Outcome::Bounced { provider, reason }),
        (any_failure(), any_reason(), attempts()).prop_map(|(because, reason, attempts)| Outcome::Failed {
            because,
            reason,
            attempts
        }),
        attempts().prop_map(|attempts| Outcome::Expired { attempts }),
        (any_provider(), any_reason(), attempts())
            .prop_map(|(provider, reason, attempts)| Outcome::Unknown { provider, reason, attempts }),
    ]
}

fn any_command() -> impl Strategy<Value = DeliveryCommand> {
    prop_oneof![
        1 => any_request().prop_map(DeliveryCommand::Request),
        2 => any_outcome().prop_map(DeliveryCommand::Record),
        4 => (any_channel(), option::of(0_u32..3), any_outcome())
            .prop_map(|(channel, round, outcome)| DeliveryCommand::Report { channel, round, outcome }),
        1 => (any_reason(), any_time())
            .prop_map(|(reason, now)| DeliveryCommand::Redrive(Redrive { reason, now })),
    ]
}

/// What a message that was just asked for makes of it: every event but the first follows from an outcome.
fn any_event() -> impl Strategy<Value = DeliveryEvent> {
    let recorded =
        |outcome| Delivery::decide(&after(&[]), DeliveryCommand::Record(outcome)).unwrap().remove(0);
    prop_oneof![
        1 => any_request().prop_map(DeliveryEvent::from),
        7 => any_outcome().prop_map(recorded),
        1 => any_reason().prop_map(|reason| DeliveryRedriven { reason }.into()),
    ]
}

/// Whether a message can be at `now` right after it was at `before`.
fn follows(before: Option<Progress>, now: Option<Progress>) -> bool {
    use Progress::{Bounced, Delivered, Expired, Failed, Requested, Retrying, Submitted, Unknown};
    match (before, now) {
        (None, now) => matches!(now, None | Some(Requested)),
        (Some(Requested | Retrying { .. }), now) => now.is_some_and(|now| now != Requested) || before == now,
        (Some(Submitted), now) => matches!(now, Some(Submitted | Delivered | Bounced)),
        (Some(Unknown), now) => matches!(now, Some(Unknown | Submitted | Delivered | Bounced | Requested)),
        (Some(Failed { .. } | Bounced), Some(Requested)) => before.is_some_and(|it| it.dead().is_some()),
        (Some(Expired), now) => matches!(now, Some(Expired | Submitted | Unknown | Delivered | Bounced)),
        (Some(Delivered | Bounced | Failed { .. }), now) => before == now,
    }
}

fn parts(state: &DeliveryState) -> (Option<DeliveryRequested>, Option<Progress>) {
    match state {
        DeliveryState::Absent => (None, None),
        DeliveryState::Known { request, progress, .. } => (Some(request.clone()), Some(*progress)),
    }
}

#[test]
fn every_delivery_event_comes_back_from_its_bytes() {
    every_event_comes_back::<Delivery>(any_event());
}

proptest! {
    #[test]
    fn any_commands_leave_the_fold_of_their_events(commands in collection::vec(any_command(), 0..30)) {
        let (mut asked, mut before) = (None, None);
        walk::<Delivery>(commands, |state| {
            let (request, now) = parts(state);
            assert!(follows(before, now), "{before:?} became {now:?}");
            assert!(asked.is_none() || asked == request, "another message took its place");
            (asked, before) = (request, now);
        });
    }

    /// A message that is over stays as it is and says nothing new, whatever a late worker or provider reports.
    #[test]
    fn nothing_follows_the_end_of_a_message(
        outcomes in collection::vec(any_outcome(), 0..10),
        late in any_outcome(),
    ) {
        let state = after(&outcomes);
        let (_, progress) = parts(&state);
        let over = matches!(
            progress,
            Some(Progress::Delivered | Progress::Bounced | Progress::Failed { .. })
        );
        let said = Delivery::decide(&state, DeliveryCommand::Record(late)).unwrap();
        prop_assert!(!over || said.is_empty(), "{said:?} after {progress:?}");
    }
}

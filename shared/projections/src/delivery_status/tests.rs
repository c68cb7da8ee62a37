//! What is remembered of messages, and what is asked for.

use chrono::{DateTime, TimeDelta};
use twostep_domain::Digest;
use twostep_domain::delivery::{
    Channel, DeliveryBounced, DeliveryDelivered, DeliveryExpired, DeliveryFailed, DeliveryRedriven,
    DeliveryRequested, DeliveryRetried, DeliverySubmitted, DeliveryUnknown, Failure, MessageKind, Progress,
    Urgency,
};
use uuid::Uuid;

use super::*;

const AT: Time = DateTime::UNIX_EPOCH;
const COMPANY: CompanyId = CompanyId(Uuid::from_u128(1));
const ANOTHER: CompanyId = CompanyId(Uuid::from_u128(2));

fn id(number: usize) -> DeliveryId {
    DeliveryId(Uuid::from_u128(number as u128))
}

fn request(number: usize) -> DeliveryRequested {
    DeliveryRequested {
        intent: IntentId(Uuid::from_u128(number as u128)),
        recipient: MemberId(Uuid::nil()),
        destination_hash: Digest::of(&[7; 32]),
        channel: Channel::Email,
        kind: MessageKind::Locked,
        urgency: Urgency::Notice,
        expires_at: AT,
    }
}

fn requested(number: usize) -> (DeliveryId, DeliveryEvent) {
    (id(number), request(number).into())
}

fn delivered() -> DeliveryEvent {
    DeliveryDelivered { provider: "p".to_owned() }.into()
}

/// The ids of a page, as numbers.
fn found(
    status: &DeliveryStatus,
    company: CompanyId,
    before: Option<u64>,
    filter: &MessageFilter,
) -> Vec<u128> {
    status.list(company, before, filter).map(|message| message.id.0.as_u128()).collect()
}

#[test]
fn an_outcome_of_a_forgotten_message_does_not_bring_it_back() {
    let mut status = DeliveryStatus::default();
    for number in 0..=REMEMBERED {
        let (id, event) = requested(number);
        status.note(COMPANY, id, &event, AT);
    }
    status.note(COMPANY, id(0), &delivered(), AT);
    status.note(COMPANY, id(1), &delivered(), AT);
    let kept = status.of_intent(request(1).intent).map(|message| message.progress);
    assert_eq!((kept, status.of_intent(request(0).intent)), (Some(Progress::Delivered), None));
    let sizes = (status.messages.len(), status.of_intent.len(), status.listed.len());
    assert_eq!(sizes, (REMEMBERED, REMEMBERED, REMEMBERED));
}

#[test]
fn a_message_tells_what_was_said_of_it_last() {
    let mut status = DeliveryStatus::default();
    let (message, event) = requested(1);
    let note = |status: &mut DeliveryStatus, event: DeliveryEvent| {
        status.note(COMPANY, message, &event, AT + TimeDelta::seconds(1));
        let message = status.of_intent(request(1).intent).unwrap();
        let words = (message.provider.as_deref(), message.reason.as_deref(), message.attempts);
        (message.progress.as_str(), words.0.map(str::to_owned), words.1.map(str::to_owned), words.2)
    };
    status.note(COMPANY, message, &event, AT);
    let (busy, next_at) = ("busy".to_owned(), AT);
    let retried = DeliveryRetried { reason: busy.clone(), next_at, attempts: 1 };
    assert_eq!(note(&mut status, retried.into()), ("retrying", None, Some(busy), 1));
    let (provider, lost) = ("p".to_owned(), "timed out".to_owned());
    let unknown = DeliveryUnknown { provider: provider.clone(), reason: lost.clone(), attempts: 2 };
    let expected = ("unknown", Some(provider.clone()), Some(lost), 2);
    assert_eq!(note(&mut status, unknown.into()), expected);
    let taken =
        DeliverySubmitted { provider: provider.clone(), provider_id: Some("SM1".to_owned()), attempts: 2 };
    assert_eq!(note(&mut status, taken.into()), ("submitted", Some(provider.clone()), None, 2));
    let bounced = DeliveryBounced { provider: provider.clone(), reason: "error 7".to_owned() };
    let expected = ("bounced", Some(provider), Some("error 7".to_owned()), 2);
    assert_eq!(note(&mut status, bounced.into()), expected);
    let told = status.of_intent(request(1).intent).unwrap();
    assert_eq!(
        (told.provider_id.as_deref(), told.requested_at, told.at),
        (Some("SM1"), AT, AT + TimeDelta::seconds(1))
    );
}

#[test]
fn what_expired_tells_why_it_was_not_sent_before_and_what_failed_its_class() {
    let mut status = DeliveryStatus::default();
    for number in [1, 2] {
        let (id, event) = requested(number);
        status.note(COMPANY, id, &event, AT);
    }
    let retried = DeliveryRetried { reason: "busy".to_owned(), next_at: AT, attempts: 1 };
    status.note(COMPANY, id(1), &retried.into(), AT);
    status.note(COMPANY, id(1), &DeliveryExpired { attempts: 3 }.into(), AT);
    let failed = DeliveryFailed { because: Failure::Budget, reason: "the cap".to_owned(), attempts: 0 };
    status.note(COMPANY, id(2), &failed.into(), AT);
    let expired = status.of_intent(request(1).intent).unwrap();
    assert_eq!((expired.reason.as_deref(), expired.attempts), (Some("busy"), 3));
    let failed = status.of_intent(request(2).intent).unwrap();
    assert_eq!(failed.progress, Progress::Failed { because: Failure::Budget });
}

#[test]
fn a_company_s_messages_come_latest_first_page_by_page_and_no_other_s() {
    let mut status = DeliveryStatus::default();
    for number in 1..=6 {
        let (id, event) = requested(number);
        let company = if number == 3 { ANOTHER } else { COMPANY };
        status.note(company, id, &event, AT + TimeDelta::seconds(number as i64));
    }
    let all = MessageFilter::default();
    assert_eq!(found(&status, COMPANY, None, &all), [6, 5, 4, 2, 1]);
    assert_eq!(found(&status, COMPANY, Some(4), &all), [2, 1]);
    assert_eq!(found(&status, ANOTHER, None, &all), [3]);
    let time = MessageFilter {
        from: Some(AT + TimeDelta::seconds(2)),
        until: Some(AT + TimeDelta::seconds(5)),
        ..MessageFilter::default()
    };
    assert_eq!(found(&status, COMPANY, None, &time), [4, 2]);
}

#[test]
fn each_part_of_a_filter_leaves_out_what_does_not_fit() {
    let mut status = DeliveryStatus::default();
    let (recipient, other) = (MemberId(Uuid::from_u128(9)), MessageKind::SignInCode);
    for (number, event) in [
        (1, DeliveryRequested { channel: Channel::Sms, ..request(1) }),
        (2, DeliveryRequested { kind: other, ..request(2) }),
        (3, DeliveryRequested { recipient, ..request(3) }),
        (4, request(4)),
    ] {
        status.note(COMPANY, id(number), &event.into(), AT);
    }
    status.note(COMPANY, id(4), &delivered(), AT);
    let none = MessageFilter::default;
    for (filter, expected) in [
        (MessageFilter { channel: Some(Channel::Sms), ..none() }, 1),
        (MessageFilter { kind: Some(other), ..none() }, 2),
        (MessageFilter { recipient: Some(recipient), ..none() }, 3),
        (MessageFilter { state: Some("delivered".to_owned()), ..none() }, 4),
    ] {
        assert_eq!(found(&status, COMPANY, None, &filter), [expected], "{filter:?}");
    }
}

#[test]
fn a_dead_letter_is_listed_while_it_is_dead_and_for_fourteen_days() {
    let mut status = DeliveryStatus::default();
    let lost = || -> DeliveryEvent {
        let (provider, reason) = ("p".to_owned(), "timed out".to_owned());
        DeliveryUnknown { provider, reason, attempts: 2 }.into()
    };
    let mut note = |number, event: Option<DeliveryEvent>, days| {
        let (id, request) = requested(number);
        let now = AT + TimeDelta::days(days);
        status.note(COMPANY, id, &event.unwrap_or(request), now);
        let all = status.dead_letters().all(now);
        all.iter().map(|letter| (letter.id.0.as_u128(), letter.error, letter.attempts)).collect::<Vec<_>>()
    };
    let dead = |number| (number, "unknown", Some(2));
    assert_eq!(note(1, None, 0), []);
    assert_eq!(note(1, Some(lost()), 1), [dead(1)]);
    assert_eq!(note(1, Some(DeliveryRedriven { reason: String::new() }.into()), 2), []);
    assert_eq!(note(1, Some(lost()), 3), [dead(1)]);
    assert_eq!(note(2, None, 4), [dead(1)]);
    assert_eq!(note(2, Some(lost()), 16), [dead(2), dead(1)], "it ended anew on the third day");
    assert_eq!(note(3, None, 17), [dead(2), dead(1)]);
    assert_eq!(note(3, Some(lost()), 18), [dead(3), dead(2)]);
    assert_eq!(note(2, Some(delivered()), 19), [dead(3)], "it arrived after all");
}

fn lost() -> DeliveryEvent {
    let (provider, reason) = ("p".to_owned(), "timed out".to_owned());
    DeliveryUnknown { provider, reason, attempts: 2 }.into()
}

#[test]
fn a_dead_letter_is_not_listed_any_more_after_fourteen_days_though_nothing_else_ends_badly() {
    let mut status = DeliveryStatus::default();
    let (message, request) = requested(1);
    status.note(COMPANY, message, &request, AT);
    status.note(COMPANY, message, &lost(), AT);
    let listed = |days| {
        let now = AT + TimeDelta::days(days);
        (status.dead_letters().all(now).len(), status.dead_letters().get(message, now).is_some())
    };
    assert_eq!([listed(14), listed(15)], [(1, true), (0, false)]);
}

#[test]
fn a_dead_letter_whose_message_is_forgotten_is_listed_as_long_as_it_is_dead() {
    let mut status = DeliveryStatus::default();
    let message = id(REMEMBERED + 1);
    status.note(COMPANY, message, &request(REMEMBERED + 1).into(), AT);
    status.note(COMPANY, message, &lost(), AT);
    for number in 0..REMEMBERED {
        let (id, event) = requested(number);
        status.note(COMPANY, id, &event, AT);
    }
    assert!(!status.messages.contains_key(&message));
    let mut listed = |event: DeliveryEvent| {
        status.note(COMPANY, message, &event, AT);
        status.dead_letters().get(message, AT).map(|letter| letter.error)
    };
    assert_eq!(listed(DeliveryRedriven { reason: String::new() }.into()), None, "it is on its way");
    let failed = DeliveryFailed { because: Failure::Rejected, reason: "550".to_owned(), attempts: 1 };
    assert_eq!(listed(failed.into()), Some("rejected"));
    assert_eq!(listed(delivered()), None);
}

#[test]
fn a_code_or_link_is_replaced_by_a_newer_one_of_its_kind_to_the_same_person_and_a_notice_is_not() {
    let mut status = DeliveryStatus::default();
    let mut send = |number, kind: MessageKind, channel| {
        let request = DeliveryRequested { kind, channel, ..request(number) };
        status.note(COMPANY, id(number), &request.into(), AT);
        status.note(COMPANY, id(number), &lost(), AT);
    };
    send(1, MessageKind::Invitation, Channel::Email);
    send(2, MessageKind::Locked, Channel::Email);
    send(3, MessageKind::SignInCode, Channel::Email);
    send(4, MessageKind::SignInCode, Channel::Sms);
    send(5, MessageKind::Invitation, Channel::Email);
    send(6, MessageKind::Locked, Channel::Email);
    let replaced = |number| {
        let letter = status.dead_letters().get(id(number), AT).unwrap();
        status.is_replaced(letter)
    };
    assert_eq!([1, 2, 3, 4, 5, 6].map(replaced), [true, false, false, false, false, false]);
}

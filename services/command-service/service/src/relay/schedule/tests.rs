use twostep_domain::delivery::Channel;
use twostep_domain::member::Link;
use twostep_domain::second_step::{Dispatch, During};
use twostep_domain::{
    Audience, ChallengeId, Digest, KeyPeriod, LinkId, MemberId, Method, NoticeRequested, Sealed, SignInId,
};
use twostep_event_store::{Checkpoint, Reader as _, Revision};
use uuid::Uuid;

use super::*;
use crate::following::tests::log_with;
use crate::relay::intent::Wish;
use crate::relay::shares::SHARE;

const NOW: Time = Time::UNIX_EPOCH;
const COMPANY: CompanyId = CompanyId(Uuid::nil());
const MEMBER: MemberId = MemberId(Uuid::nil());

fn after(seconds: i64) -> Time {
    NOW + Duration::seconds(seconds)
}

fn intent(number: u128, wish: Wish, expires_at: Time) -> Intent {
    Intent {
        id: IntentId(Uuid::from_u128(number)),
        company: COMPANY,
        correlation: Uuid::nil(),
        revision: Revision(0),
        recorded_at: NOW,
        expires_at,
        client: None,
        told: None,
        wish,
    }
}

fn notice(number: u128) -> Intent {
    let notice = NoticeRequested { kind: MessageKind::ResetByAdmin, audience: Audience::Owner, also: None };
    intent(number, Wish::Notice { notice, owner: Some(MEMBER) }, after(24 * 3600))
}

fn reset(number: u128) -> Intent {
    let expires_at = after(3600);
    let link =
        Link { id: LinkId(Uuid::nil()), key: KeyPeriod("1970-01".to_owned()), expires_at, mailed: true };
    intent(number, Wish::Link { member: MEMBER, link, kind: MessageKind::PasswordReset }, expires_at)
}

fn mailed_code(number: u128) -> Intent {
    let expires_at = after(300);
    let dispatch = Dispatch {
        challenge: ChallengeId(Uuid::from_u128(number)),
        method: Method::Email,
        destination: Sealed(String::new()),
        destination_hash: Digest::of(&[7; 32]),
        key: KeyPeriod("1970-01-01".to_owned()),
        expires_at,
    };
    let during = During::SignIn(SignInId(Uuid::nil()));
    intent(number, Wish::Code { member: MEMBER, during, dispatch, link: None }, expires_at)
}

fn numbers(tasks: &[Task]) -> Vec<u128> {
    let number = |task: &Task| match &task.due {
        Due::Intent(intent) | Due::Doubt(intent) | Due::Message { intent, .. } => intent.id.0.as_u128(),
        Due::Expiry(id, _) => id.0.as_u128(),
    };
    tasks.iter().map(number).collect()
}

#[test]
fn what_is_urgent_comes_before_a_thousand_older_notices_a_batch_at_a_time() {
    let mut schedule = Schedule::default();
    (0..1000).for_each(|number| schedule.intended(notice(number), NOW));
    assert_eq!(numbers(&schedule.take_due(after(1), 2)), [0, 1]);
    schedule.intended(reset(5000), after(1));
    schedule.intended(reset(5001), after(2));
    assert_eq!(schedule.next_due(), Some(NOW));
    assert_eq!(numbers(&schedule.take_due(after(1), 3)), [5000, 2, 3]);
    assert_eq!(numbers(&schedule.take_due(after(2), 1)), [5001]);
    assert_eq!(schedule.backlog(), 996);
}

#[test]
fn what_fails_waits_longer_each_time() {
    let mut schedule = Schedule::default();
    schedule.intended(reset(1), NOW);
    let (mut now, mut waits) = (NOW, Vec::new());
    for _ in 0..9 {
        let task = schedule.take_due(now, 1).pop().unwrap();
        schedule.failed(task, now);
        let next = schedule.next_due().unwrap();
        waits.push((next - now).num_seconds());
        now = next;
    }
    assert_eq!(waits, [1, 2, 4, 8, 16, 32, 60, 60, 60]);
}

#[test]
fn what_can_not_be_made_is_given_up_once_it_is_over() {
    let mut schedule = Schedule::default();
    schedule.intended(reset(1), after(3600));
    let mut tries = 0;
    while let Some(now) = schedule.next_due() {
        let task = schedule.take_due(now, 1).pop().unwrap();
        schedule.failed(task, now);
        tries += 1;
    }
    assert_eq!((tries, schedule.backlog()), (TRIES, 0));
}

#[test]
fn a_message_that_ended_does_not_come_due() {
    let mut schedule = Schedule::default();
    let id = DeliveryId(Uuid::from_u128(7));
    let request = DeliveryRequested {
        intent: IntentId(Uuid::nil()),
        recipient: MEMBER,
        destination_hash: Digest::of(&[7; 32]),
        channel: Channel::Email,
        kind: MessageKind::ResetByAdmin,
        urgency: Urgency::Notice,
        expires_at: NOW,
    };
    schedule.requested(id, COMPANY, &request, NOW);
    assert!(schedule.is_open(id));
    schedule.ended(id);
    assert!(schedule.take_due(NOW + SILENCE, 1).is_empty());
}

#[test]
fn what_another_relay_ended_is_nobodys_work_any_more() {
    let mut schedule = Schedule::default();
    let codes: Vec<_> = (0..2000).map(mailed_code).collect();
    for code in &codes {
        let id = code.mailed_code().unwrap();
        let (number, expires_at) = (code.id, code.expires_at);
        schedule.intended(mailed_code(number.0.as_u128()), NOW);
        schedule.expect(id, COMPANY, (number, Urgency::Urgent), expires_at, NOW);
        if number.0.as_u128() != 7 {
            schedule.ended(id);
        }
    }
    schedule.intended(notice(5000), NOW);
    schedule.leave_to_others(after(1));
    assert_eq!(
        (schedule.due.len(), schedule.backlog()),
        (3, 2),
        "the open code, when it expires, the notice"
    );
    assert_eq!(numbers(&schedule.take_due(after(1), 9)), [7, 5000]);
    schedule.tidy_at = 0;
    schedule.intended(notice(5001), NOW);
    (0..1000).for_each(|number| schedule.intended(mailed_code(10_000 + number), NOW));
    schedule.leave_to_others(after(49 * 3600));
    assert_eq!((schedule.due.len(), schedule.backlog()), (0, 0));
}

#[test]
fn a_message_that_was_retried_often_is_due_once_when_its_last_retry_says() {
    let mut schedule = Schedule::default();
    schedule.intended(reset(1), NOW);
    let (id, intent) = (DeliveryId(Uuid::from_u128(7)), IntentId(Uuid::from_u128(1)));
    schedule.expect(id, COMPANY, (intent, Urgency::Urgent), after(3600), NOW);
    [1, 3, 7].iter().for_each(|seconds| schedule.retried(id, after(*seconds)));
    assert_eq!(numbers(&schedule.take_due(after(5), 9)), [1], "the intent alone");
    assert!(schedule.waits_for_retry(id));
    assert!(matches!(&schedule.take_due(after(7), 9)[..], [Task { due: Due::Message { .. }, .. }]));
    assert!(schedule.take_due(after(100), 9).is_empty());
}

#[test]
fn a_message_that_an_operator_wants_sent_once_more_is_due_at_once_also_after_it_ended_again() {
    let mut schedule = Schedule::default();
    schedule.intended(reset(1), NOW);
    let id = DeliveryId(Uuid::from_u128(7));
    schedule.expect(id, COMPANY, (IntentId(Uuid::from_u128(1)), Urgency::Urgent), after(3600), NOW);
    schedule.take_due(NOW, 9);
    for round in 1..=2 {
        schedule.ended(id);
        schedule.redriven(id, after(5));
        assert_eq!((schedule.is_open(id), schedule.redrives(id)), (true, round));
        assert!(matches!(&schedule.take_due(after(5), 9)[..], [Task { due: Due::Message { .. }, .. }]));
    }
    schedule.redriven(id, after(6));
    schedule.ended(id);
    assert!(schedule.take_due(after(6), 9).is_empty(), "it was sent meanwhile");
}

#[tokio::test]
async fn an_event_that_is_too_new_is_not_skipped() {
    for kind in [StreamKind::Delivery, StreamKind::SecondStep, StreamKind::Member, StreamKind::Company] {
        let log = log_with(kind, "SomethingNewer").await;
        let events = log.read(&Checkpoint::start(), 1).await.unwrap();
        assert!(Schedule::default().note(&events[0], NOW).is_err(), "{kind:?}");
    }
}

#[test]
fn what_is_published_and_does_not_end_is_published_again_until_it_does() {
    let mut schedule = Schedule::default();
    let (wanted, message) = (Arc::new(reset(1)), DeliveryId(Uuid::from_u128(10)));
    schedule.intended(reset(1), NOW);
    assert_eq!(numbers(&schedule.take_due(NOW, 9)), [1]);
    schedule.remember(message, &wanted, NOW);
    schedule.doubt(&wanted, NOW);
    assert!(schedule.take_due(after(59), 9).is_empty());
    assert_eq!(numbers(&schedule.take_due(after(60), 9)), [1]);
    schedule.doubt(&wanted, after(60));
    assert_eq!(schedule.backlog(), 0, "it was put into the queue");
    schedule.ended(message);
    schedule.ended(message);
    assert!(schedule.take_due(after(120), 9).is_empty());
    schedule.doubt(&wanted, after(120));
    assert!(schedule.take_due(after(3000), 9).is_empty());
}

#[test]
fn a_retry_that_was_just_published_is_not_published_once_more_by_the_doubt_about_its_intent() {
    let mut schedule = Schedule::default();
    let (wanted, message) = (Arc::new(reset(1)), DeliveryId(Uuid::from_u128(10)));
    schedule.intended(reset(1), NOW);
    schedule.take_due(NOW, 9);
    schedule.remember(message, &wanted, NOW);
    schedule.published(message, NOW);
    schedule.doubt(&wanted, NOW);
    schedule.retried(message, after(50));
    assert!(schedule.waits_for_retry(message));
    assert_eq!(numbers(&schedule.take_due(after(50), 9)), [1]);
    schedule.published(message, after(50));
    assert_eq!(numbers(&schedule.take_due(after(60), 9)), [1], "the doubt about the intent");
    assert!(!schedule.waits_for_retry(message) && schedule.is_trusted(message, &wanted, after(60)));
    assert!(!schedule.is_trusted(message, &wanted, after(110)));
}

#[test]
fn what_was_over_before_the_start_is_given_time_to_be_told() {
    let mut schedule = Schedule::default();
    let (id, started) = (DeliveryId(Uuid::from_u128(7)), after(9000));
    schedule.expect(id, COMPANY, (IntentId(Uuid::from_u128(1)), Urgency::Urgent), after(3600), started);
    assert!(schedule.knows(id));
    assert!(schedule.take_due(started + SILENCE - Duration::seconds(1), 9).is_empty());
    assert_eq!(numbers(&schedule.take_due(started + SILENCE, 9)), [7]);
}

#[test]
fn what_the_queue_does_not_take_is_left_alone_for_a_while_with_all_of_its_kind_and_nothing_else_is() {
    let mut schedule = Schedule::default();
    (0..3).for_each(|number| schedule.intended(notice(number), NOW));
    let mut batch = schedule.take_due(NOW, 2).into_iter();
    schedule.put_back(batch.next().unwrap(), after(1));
    assert!(schedule.unless_held(batch.next().unwrap()).is_none());
    schedule.intended(reset(5000), NOW);
    let nobodys = (IntentId(Uuid::nil()), Urgency::Urgent);
    schedule.expect(DeliveryId(Uuid::from_u128(7)), COMPANY, nobodys, NOW - SILENCE, NOW - SILENCE);
    let free = schedule.take_due(NOW, 9);
    assert_eq!(numbers(&free), [5000, 7]);
    assert!(free.into_iter().all(|task| schedule.unless_held(task).is_some()));
    assert_eq!((schedule.next_due(), schedule.backlog()), (Some(after(1)), 3));
    assert_eq!(numbers(&schedule.take_due(after(1), 9)), [2, 1, 0], "what was tried comes last");
}

/// Puts into the queue what comes of it, one message each, and says how many there were.
fn publish_all(schedule: &mut Schedule, now: Time) -> usize {
    let mut published = 0;
    loop {
        let batch = schedule.take_due(now, 8);
        if batch.is_empty() {
            return published;
        }
        for task in batch {
            let Due::Intent(intent) = &task.due else { continue };
            let id = DeliveryId(intent.id.0);
            schedule.remember(id, intent, now);
            schedule.published(id, now);
            published += 1;
        }
    }
}

#[test]
fn one_company_s_flood_of_notices_leaves_room_for_the_others_and_goes_on_as_its_own_end() {
    let mut schedule = Schedule::default();
    let flood = SHARE * 3;
    (0..flood).for_each(|number| schedule.intended(notice(number as u128), NOW));
    let others = CompanyId(Uuid::from_u128(7));
    schedule.intended(Intent { company: others, ..notice(9_999) }, after(1));
    assert_eq!(publish_all(&mut schedule, after(1)), SHARE + 1, "its share, and the other company's notice");
    assert_eq!(schedule.backlog(), flood - SHARE);
    schedule.intended(reset(10_000), after(1));
    assert_eq!(numbers(&schedule.take_due(after(1), 9)), [10_000], "what is urgent has no share");
    let mut published = SHARE;
    for ended in 0..flood {
        schedule.ended(DeliveryId(Uuid::from_u128(ended as u128)));
        published += publish_all(&mut schedule, after(1));
        let lie = published - (ended + 1);
        assert!(lie <= SHARE, "{lie} lie in the queue");
    }
    assert_eq!((published, schedule.backlog()), (flood, 0));
}

#[test]
fn notices_that_wait_for_a_retry_keep_no_place_from_the_others() {
    let mut schedule = Schedule::default();
    (0..SHARE * 2).for_each(|number| schedule.intended(notice(number as u128), NOW));
    assert_eq!(publish_all(&mut schedule, NOW), SHARE);
    let retried = |schedule: &mut Schedule| {
        (0..SHARE)
            .for_each(|number| schedule.retried(DeliveryId(Uuid::from_u128(number as u128)), after(60)));
    };
    retried(&mut schedule);
    assert_eq!(publish_all(&mut schedule, after(1)), SHARE, "the others, which were never tried");
    assert_eq!(schedule.take_due(after(60), 9).len(), 0, "retries wait for their turn as well");
    (SHARE..SHARE * 2).for_each(|number| schedule.ended(DeliveryId(Uuid::from_u128(number as u128))));
    let mut again = 0;
    while let batch @ 1.. = schedule.take_due(after(60), 9).len() {
        again += batch;
    }
    assert_eq!(again, SHARE);
}

#[test]
fn notices_of_which_no_message_comes_hold_no_others_up() {
    let mut schedule = Schedule::default();
    (0..SHARE * 3).for_each(|number| schedule.intended(notice(number as u128), NOW));
    publish_all(&mut schedule, NOW);
    (0..SHARE).for_each(|number| schedule.ended(DeliveryId(Uuid::from_u128(number as u128))));
    while !schedule.take_due(NOW, 9).is_empty() {}
    assert_eq!(schedule.backlog(), 0);
}

#[test]
fn whoever_does_not_lead_any_more_keeps_no_line_of_its_own() {
    let mut schedule = Schedule::default();
    (0..SHARE + 1).for_each(|number| schedule.intended(notice(number as u128), NOW));
    publish_all(&mut schedule, NOW);
    schedule.leave_to_others(NOW);
    assert_eq!((schedule.shares.waiting(), schedule.backlog()), (0, 1));
}

#[test]
fn what_is_long_over_is_forgotten_and_nothing_else_is_looked_at() {
    let mut schedule = Schedule::default();
    schedule.intended(reset(1), NOW);
    schedule.expect(
        DeliveryId(Uuid::from_u128(7)),
        COMPANY,
        (IntentId(Uuid::from_u128(1)), Urgency::Urgent),
        after(3600),
        NOW,
    );
    schedule.intended(notice(2), NOW);
    let over = after(3600) + REMEMBERED + SILENCE * 2;
    schedule.forget(over - Duration::seconds(1));
    assert_eq!((schedule.intents.len(), schedule.messages.len(), schedule.open.len()), (2, 1, 1));
    schedule.forget(over);
    assert_eq!((schedule.intents.len(), schedule.messages.len(), schedule.open.len()), (1, 0, 0));
    schedule.forget(over + Duration::days(1));
    assert!(schedule.intents.is_empty() && schedule.by_end.is_empty());
}

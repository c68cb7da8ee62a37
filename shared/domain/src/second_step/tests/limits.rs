//! S11: guesses are counted per person, and what follows.

use chrono::TimeDelta;

use super::world::{WRONG, World, names, printed, told};
use crate::BackupKind::{App, Email, Sms};
use crate::delivery::MessageKind;
use crate::second_step::*;
use crate::{Aggregate as _, BackupKind, MemberId, Method, SetUpId, SignInId};

#[test]
fn s11_delays_double_from_the_third_failure_up_to_15_minutes() {
    let (mut world, _) = World::enrolled(&[App, Email]);
    let mut delays = Vec::new();
    for _ in 0..19 {
        world.now = world.state.retry_at(world.now).unwrap_or(world.now);
        let sign_in = world.begin();
        world.verify(sign_in, WRONG).unwrap();
        let next = world.state.retry_at(world.now);
        delays.push(next.map_or(0, |next| (next - world.now).num_seconds()));
    }
    let expected = [0, 0, 1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900, 900, 900, 900, 900, 900];
    assert_eq!(delays, expected);
}

#[test]
fn s11_while_delayed_right_and_wrong_codes_get_the_same_answer() {
    let (mut world, _) = World::enrolled(&[App, Email]);
    let sign_in = world.begin();
    world.guess_wrong(sign_in, 4);
    let next_at = world.now + TimeDelta::seconds(2);
    let refused = Err(SecondStepError::TooSoon { next_at });
    for attempt in [world.app(), WRONG, printed("r1"), Attempt::Printed { matched: None }] {
        assert_eq!(world.verify(sign_in, attempt), refused);
    }
    assert_eq!(world.state.failures().count(), 4);
    world.wait(2);
    world.verify(sign_in, world.app()).unwrap();
}

#[test]
fn s11_the_owner_is_told_at_the_fifth_failure() {
    let (mut world, _) = World::enrolled(&[App, Email]);
    let sign_in = world.begin();
    world.guess_wrong(sign_in, 4);
    world.now = world.state.retry_at(world.now).unwrap();
    let events = world.verify(sign_in, WRONG).unwrap();
    assert_eq!(names(&events), ["CodeRejected", "NoticeRequested"]);
    assert_eq!(events[1], told(MessageKind::FiveFailures));
}

#[test]
fn s11_the_twentieth_failure_locks_and_the_owner_is_told() {
    let (mut world, _) = World::enrolled(&[App, Email]);
    let events = last_of_twenty(&mut world);
    assert_eq!(events[1..], [SecondStepLocked { failures: 20 }.into(), told(MessageKind::Locked)]);
    assert!(world.state.is_locked());
}

#[test]
fn s11_while_locked_right_and_wrong_codes_get_the_same_answer_and_nothing_counts() {
    let (mut world, sign_in) = locked(&[App, Email, Sms]);
    let sent = world.sent(sign_in, Method::Sms, true);
    let unknown_printed = Attempt::Printed { matched: None };
    for attempt in [world.app(), WRONG, sent, unknown_printed, printed("never issued")] {
        assert_eq!(world.verify(sign_in, attempt), Err(SecondStepError::Locked));
    }
    assert_eq!(world.request(sign_in, Method::Sms), Err(SecondStepError::Locked));
    assert_eq!(world.state.failures().count(), 20);
    // Time alone opens nothing.
    world.wait(30 * 24 * 3600);
    let sign_in = world.begin();
    assert_eq!(world.verify(sign_in, world.app()), Err(SecondStepError::Locked));
}

#[test]
fn s11_a_printed_code_opens_the_lock() {
    let (mut world, sign_in) = locked(&[App, Email]);
    let events = world.verify(sign_in, printed("r0")).unwrap();
    assert_eq!(names(&events), ["SecondStepUnlocked", "RecoveryCodeAccepted", "NoticeRequested", "SignedIn"]);
    assert_eq!(events[0], SecondStepUnlocked { by: Unlocker::RecoveryCode }.into());
    assert_eq!(world.state.failures(), Failures::None);
}

#[test]
fn s11_an_administrator_opens_the_lock_and_the_owner_is_told() {
    let (mut world, sign_in) = locked(&[App, Email]);
    let by = MemberId(uuid::Uuid::from_u128(999));
    assert_eq!(
        world.unlock(),
        Ok(vec![SecondStepUnlocked { by: Unlocker::Administrator(by) }.into(), told(MessageKind::Unlocked)])
    );
    world.verify(sign_in, world.app()).unwrap();
    assert_eq!(world.unlock(), Ok(vec![]));
}

#[test]
fn s11_unlocking_clears_a_count_that_only_delays() {
    let (mut world, _) = World::enrolled(&[App, Email]);
    let sign_in = world.begin();
    world.guess_wrong(sign_in, 7);
    world.unlock().unwrap();
    assert_eq!(world.state.retry_at(world.now), None);
}

#[test]
fn s11_failures_add_up_across_methods_challenges_sign_ins_step_ups_and_set_up() {
    let (mut world, session) = World::enrolled(&[App, Email, Sms]);
    world.set_up(SetUpOwner::Session(session), &[App]).unwrap();
    let pairing = world.pair(SetUpOwner::Session(session)).unwrap();
    let sign_in = world.begin();
    let (step_up, started) = world.start(Purpose::StepUp(session));
    started.unwrap();
    world.verify(sign_in, WRONG).unwrap();
    world.request(sign_in, Method::Sms).unwrap();
    world.verify(sign_in, world.sent(sign_in, Method::Sms, false)).unwrap();
    world.verify(step_up, WRONG).unwrap();
    world.wait(40);
    world.request(sign_in, Method::Sms).unwrap();
    world.verify(sign_in, Attempt::Printed { matched: None }).unwrap();
    world.wait(40);
    world.confirm_app(SetUpOwner::Session(session), pairing, None).unwrap();
    assert_eq!(world.state.failures().count(), 5);
}

#[test]
fn s11_a_resend_a_new_sign_in_another_method_or_time_resets_nothing() {
    let (mut world, _) = World::enrolled(&[App, Sms]);
    let sign_in = world.begin();
    world.guess_wrong(sign_in, 3);
    world.request(sign_in, Method::Sms).unwrap();
    world.wait(40);
    world.request(sign_in, Method::Sms).unwrap();
    world.begin();
    world.wait(7 * 24 * 3600);
    world.begin();
    assert_eq!(world.state.failures().count(), 3);
}

#[test]
fn s11_only_a_success_in_a_sign_in_or_step_up_resets_the_count() {
    let (mut world, session) = World::enrolled(&[App, Email, Sms]);
    let sign_in = world.begin();
    world.guess_wrong(sign_in, 2);
    // A contact of whoever guesses proves nothing about the owner.
    let owner = SetUpOwner::Session(session);
    world.set_up(owner, &[App]).unwrap();
    world.prove_contact(owner, Method::Sms, "a number of the attacker's");
    let pairing = world.pair(owner).unwrap();
    world.confirm_app(owner, pairing, Some(crate::TotpStep::at(world.now))).unwrap();
    assert_eq!(world.state.failures().count(), 2);
    world.verify(sign_in, world.app()).unwrap();
    assert_eq!(world.state.failures(), Failures::None);
}

#[test]
fn s11_a_reset_by_an_administrator_is_no_success() {
    let (mut world, _) = locked(&[App, Email]);
    world.reset().unwrap();
    assert!(world.state.is_locked());
    let owner = SetUpOwner::SignIn(world.begin());
    world.set_up(owner, &[]).unwrap();
    let pairing = world.pair(owner).unwrap();
    let step = crate::TotpStep::at(world.now);
    assert_eq!(world.confirm_app(owner, pairing, Some(step)), Err(SecondStepError::Locked));
    assert_eq!(world.ask(owner, Method::Email, "address"), Err(SecondStepError::Locked));
    assert_eq!(world.activate(owner), Err(SecondStepError::Locked));
}

#[test]
fn s16_a_lock_ends_pending_sign_ins_step_ups_and_their_set_ups() {
    let (mut world, session) = World::enrolled(&[App, Email]);
    for _ in 0..19 {
        world.now = world.state.retry_at(world.now).unwrap_or(world.now);
        // The session is in use.
        let now = world.now;
        world.run(SecondStepCommand::TouchSession(TouchSession { session, now })).unwrap();
        let sign_in = world.begin();
        world.verify(sign_in, WRONG).unwrap();
    }
    world.now = world.state.retry_at(world.now).unwrap();
    let stolen = world.begin();
    let (step_up, started) = world.start(Purpose::StepUp(session));
    started.unwrap();
    world.verify(stolen, WRONG).unwrap();
    assert!(world.state.is_locked());
    let over = Err(SecondStepError::SignInOver);
    for sign_in in [stolen, step_up] {
        assert_eq!(world.verify(sign_in, printed("r0")), over);
    }
    let since = world.begin();
    world.unlock().unwrap();
    for sign_in in [stolen, step_up] {
        assert_eq!(world.verify(sign_in, world.app()), over);
    }
    // Whoever gave the password since goes on, and so does the session, where nobody guessed.
    world.verify(since, world.app()).unwrap();
    assert!(world.state.session(session, world.now).is_some());
}

#[test]
fn s16_a_lock_ends_the_session_whose_step_up_guessed_and_no_other() {
    let (mut world, session) = World::enrolled(&[App, Email]);
    let other = world.sign_in();
    let mut events = Vec::new();
    for _ in 0..20 {
        world.now = world.state.retry_at(world.now).unwrap_or(world.now);
        for session in [session, other] {
            let now = world.now;
            world.run(SecondStepCommand::TouchSession(TouchSession { session, now })).unwrap();
        }
        let (step_up, started) = world.start(Purpose::StepUp(session));
        started.unwrap();
        events = world.verify(step_up, WRONG).unwrap();
    }
    assert_eq!(names(&events), ["CodeRejected", "SecondStepLocked", "SessionEnded", "NoticeRequested"]);
    assert_eq!(events[2], SessionEnded { session, because: EndReason::Locked }.into());
    assert_eq!(world.state.session(session, world.now), None);
    assert!(world.state.session(other, world.now).is_some());
}

#[test]
fn s16_a_lock_ends_the_set_up_of_a_sign_in_and_leaves_that_of_a_session() {
    let (mut world, session) = World::enrolled(&[App, Email]);
    let edit = SetUpOwner::Session(session);
    world.set_up(edit, &[App]).unwrap();
    let mut events = world.log.clone();
    let sign_in = SignInId(world.id());
    let set_up = SetUpId(world.id());
    let began = world.state.set_up(edit, world.now).unwrap();
    let started = SetUpStarted {
        set_up,
        owner: SetUpOwner::SignIn(sign_in),
        epoch: began.epoch,
        primary: began.primary,
        backups: began.backups.clone(),
        keeps: Default::default(),
        expires_at: began.expires_at,
        edits: None,
        company: began.company,
        work_address_first: None,
        at: world.now,
    };
    let pending = world.log.iter().find_map(|event| match event {
        SecondStepEvent::SignInStarted(started) => Some(started.clone()),
        _ => None,
    });
    let (at, expires_at) = (world.now, began.expires_at);
    let judgement = world.requirement.judgement.clone();
    events.extend([
        SignInStarted { sign_in, at, expires_at, ..pending.unwrap() }.into(),
        SetUpRequired { sign_in, judgement }.into(),
        started.into(),
    ]);
    let owner = SetUpOwner::SignIn(sign_in);
    assert!(SecondStep::fold(&events).set_up(owner, at).is_some());
    events.push(SecondStepLocked { failures: 20 }.into());
    let state = SecondStep::fold(&events);
    assert!(state.set_up(owner, at).is_none() && state.set_up(edit, at).is_some());
}

#[test]
fn s11_the_operator_opens_the_lock_and_a_reset_after_that_leads_to_a_set_up() {
    let (mut world, _) = locked(&[App, Email]);
    let now = world.now;
    let opened = world.run(SecondStepCommand::Unlock(Unlock { by: Unlocker::Operator, now })).unwrap();
    assert_eq!(opened, [SecondStepUnlocked { by: Unlocker::Operator }.into(), told(MessageKind::Unlocked)]);
    world.reset().unwrap();
    let session = world.enrol(&[App, Email]);
    assert!(world.state.session(session, world.now).is_some());
}

fn last_of_twenty(world: &mut World) -> Vec<SecondStepEvent> {
    let mut events = Vec::new();
    for _ in 0..20 {
        // The longest delay is as long as a sign-in's life.
        world.now = world.state.retry_at(world.now).unwrap_or(world.now);
        let sign_in = world.begin();
        events = world.verify(sign_in, WRONG).unwrap();
    }
    events
}

/// Locked, with a sign-in that waits for a code.
fn locked(kinds: &[BackupKind]) -> (World, SignInId) {
    let (mut world, _) = World::enrolled(kinds);
    last_of_twenty(&mut world);
    let sign_in = world.begin();
    (world, sign_in)
}

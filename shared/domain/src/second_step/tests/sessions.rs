//! Sessions: life, standing, and the change of a password.

use super::world::{World, digest, names, session_of};
use crate::BackupKind::{App, Email};
use crate::company::Epoch;
use crate::second_step::*;
use crate::{Reason, SessionId};

fn touch(world: &mut World, session: SessionId) -> super::world::Outcome {
    let now = world.now;
    world.run(SecondStepCommand::TouchSession(TouchSession { session, now }))
}

fn password_session(world: &mut World) -> SessionId {
    session_of(&world.start(Purpose::SignIn).1.unwrap())
}

#[test]
fn s17_use_is_recorded_at_most_every_10_minutes() {
    let mut world = World::new();
    let session = world.enrol(&[App, Email]);
    world.wait(599);
    assert_eq!(touch(&mut world, session), Ok(vec![]));
    world.wait(1);
    assert_eq!(touch(&mut world, session), Ok(vec![SessionSeen { session, at: world.now }.into()]));
    assert_eq!(touch(&mut world, session), Ok(vec![]));
}

#[test]
fn s17_an_idle_session_is_over_after_an_hour_and_any_after_24() {
    let (mut world, session) = World::enrolled(&[App, Email]);
    world.wait(3600 - 60);
    assert_eq!(touch(&mut world, session), Err(SecondStepError::SessionOver));
    let session = world.sign_in();
    for _ in 0..47 {
        world.wait(1800);
        touch(&mut world, session).unwrap();
    }
    world.wait(1799);
    touch(&mut world, session).unwrap();
    world.wait(1);
    assert_eq!(touch(&mut world, session), Err(SecondStepError::SessionOver));
}

#[test]
fn s30_what_seems_to_begin_in_the_future_is_neither_live_nor_fresh() {
    let (world, session) = World::enrolled(&[App, Email]);
    let earlier = |seconds| world.now - chrono::TimeDelta::seconds(seconds);
    let live = world.state.session(session, earlier(60)).unwrap();
    assert!(live.is_fresh(earlier(60)) && !live.is_fresh(earlier(61)));
    assert_eq!(world.state.session(session, earlier(61)), None);
}

/// What `act` does where its time was read `seconds` ago, and others were faster.
fn late<T>(world: &mut World, seconds: i64, act: impl FnOnce(&mut World) -> T) -> T {
    world.wait(-seconds);
    let done = act(world);
    world.wait(seconds);
    done
}

#[test]
fn s30_an_event_that_comes_late_ends_no_newer_session() {
    let (mut world, session) = World::enrolled(&[App, Email]);
    world.wait(600);
    let newer = world.sign_in();
    assert_eq!(names(&late(&mut world, 1, |world| touch(world, session)).unwrap()), ["SessionSeen"]);
    assert!(world.state.session(newer, world.now).is_some());
}

#[test]
fn s17_a_session_that_was_seen_after_the_end_was_asked_for_ends_all_the_same() {
    let (mut world, session) = World::enrolled(&[App, Email]);
    world.step_up(session);
    let because = EndReason::Revoked;
    let events = late(&mut world, 1, |world| {
        let now = world.now;
        world.run(SecondStepCommand::EndSession(EndSession { session, because, now }))
    });
    assert_eq!(events, Ok(vec![SessionEnded { session, because }.into()]));
    assert_eq!(world.state.session(session, world.now), None);
}

#[test]
fn ending_a_session_twice_is_no_error() {
    let (mut world, session) = World::enrolled(&[App, Email]);
    let (because, now) = (EndReason::SignedOut, world.now);
    let command = SecondStepCommand::EndSession(EndSession { session, because, now });
    assert_eq!(world.run(command.clone()), Ok(vec![SessionEnded { session, because }.into()]));
    assert_eq!(world.run(command), Ok(vec![]));
    assert_eq!(touch(&mut world, session), Err(SecondStepError::SessionOver));
}

#[test]
fn the_thirty_third_session_ends_the_oldest() {
    let mut world = World::uncovered();
    let oldest = password_session(&mut world);
    for _ in 1..32 {
        password_session(&mut world);
    }
    let events = world.start(Purpose::SignIn).1.unwrap();
    assert_eq!(events[2], SessionEnded { session: oldest, because: EndReason::TooMany }.into());
    assert_eq!(world.state.sessions(world.now).count(), 32);
}

#[test]
fn s16_a_session_below_a_tightened_policy_is_completed_in_place() {
    let mut world = World::uncovered();
    let session = password_session(&mut world);
    let standing = |world: &World| world.state.judge_session(session, &world.requirement, world.now);
    assert_eq!(standing(&world), Ok(SessionStanding::Full));
    world.requirement.judgement.reasons = vec![Reason::AllTechnicians];
    assert_eq!(standing(&world), Ok(SessionStanding::SecondStepRequired));
    let owner = SetUpOwner::Session(session);
    world.set_up(owner, &[]).unwrap();
    world.prove(owner, &[App, Email]);
    world.activate(owner).unwrap();
    assert_eq!(standing(&world), Ok(SessionStanding::Full));
}

#[test]
fn s16_a_mass_reset_puts_sessions_below_the_policy() {
    let (mut world, session) = World::enrolled(&[App, Email]);
    world.requirement.required_epoch = Epoch(2);
    let standing = world.state.judge_session(session, &world.requirement, world.now);
    assert_eq!(standing, Ok(SessionStanding::SecondStepRequired));
}

#[test]
fn a_lossless_change_of_primary_leaves_sessions_alone_until_the_next_sign_in() {
    let (mut world, session) = World::enrolled(&[App, Email]);
    world.requirement.primary = crate::Method::Sms;
    let standing = world.state.judge_session(session, &world.requirement, world.now);
    assert_eq!(standing, Ok(SessionStanding::Full));
}

#[test]
fn s16_a_session_that_is_over_has_no_standing() {
    let (world, _) = World::enrolled(&[App, Email]);
    let unknown = SessionId(uuid::Uuid::from_u128(4711));
    assert_eq!(world.state.judge_session(unknown, &world.requirement, world.now), Err(SessionOver));
}

#[test]
fn s18_each_password_change_needs_its_own_proof_of_the_last_5_minutes() {
    let (mut world, session) = World::enrolled(&[App, Email]);
    let authorised = PasswordChangeAuthorised { session: Some(session), reset_by: None, at: world.now };
    assert_eq!(world.change_password(Some(session)), Ok(vec![authorised.into()]));
    assert_eq!(world.change_password(Some(session)), Err(SecondStepError::StepUpRequired));
    let standing = world.state.judge_session(session, &world.requirement, world.now);
    assert_eq!(standing, Ok(SessionStanding::Full));
    world.step_up(session);
    world.wait(300);
    assert_eq!(world.change_password(Some(session)), Err(SecondStepError::StepUpRequired));
    world.step_up(session);
    world.change_password(Some(session)).unwrap();
}

#[test]
fn s16_a_password_change_ends_other_sessions_and_pending_sign_ins() {
    let (mut world, session) = World::enrolled(&[App, Email]);
    let other = world.sign_in();
    let sign_in = world.begin();
    world.change_password(Some(session)).unwrap();
    assert!(world.state.session(session, world.now).is_some());
    assert!(world.state.session(other, world.now).is_none());
    assert_eq!(world.verify(sign_in, world.app()), Err(SecondStepError::SignInOver));
}

#[test]
fn s18_a_reset_link_ends_all_sessions_and_touches_no_method() {
    let (mut world, session) = World::enrolled(&[App, Email]);
    let before = world.state.enrolment().cloned();
    let now = world.now;
    let events = world
        .run(SecondStepCommand::AuthorisePasswordChange(AuthorisePasswordChange {
            session: None,
            reset_by: Some(digest("address")),
            requirement: world.requirement.clone(),
            now,
        }))
        .unwrap();
    assert_eq!(names(&events), ["PasswordChangeAuthorised"]);
    assert_eq!(touch(&mut world, session), Err(SecondStepError::SessionOver));
    assert_eq!(world.state.enrolment().cloned(), before);
}

#[test]
fn who_has_nothing_set_up_changes_the_password_unless_they_must_set_up_first() {
    let mut world = World::uncovered();
    let session = password_session(&mut world);
    world.change_password(Some(session)).unwrap();
    world.requirement.judgement.reasons = vec![Reason::Administrators];
    assert_eq!(world.change_password(Some(session)), Err(SecondStepError::SetUpNeeded));
    world.wait(3600);
    assert_eq!(world.change_password(Some(session)), Err(SecondStepError::SessionOver));
}

//! A fresh proof inside a session.

use super::world::{World, amr, names, session_of, told};
use crate::BackupKind::{App, Email, Sms};
use crate::Method;
use crate::delivery::MessageKind;
use crate::second_step::*;

#[test]
fn a_step_up_proves_the_session_anew_and_opens_no_other() {
    let (mut world, session) = World::enrolled(&[App, Email]);
    let (step_up, started) = world.start(Purpose::StepUp(session));
    assert_eq!(names(&started.unwrap()), ["SignInStarted", "ChallengeIssued"]);
    let events = world.verify(step_up, world.app()).unwrap();
    let stepped_up = SteppedUp {
        sign_in: step_up,
        session,
        amr: amr([Amr::Pwd, Amr::Otp, Amr::Mfa]),
        aal: 2,
        at: world.now,
    };
    assert_eq!(events[1..], [stepped_up.into()]);
    assert_eq!(world.state.session(session, world.now).unwrap().proved_at(), Some(world.now));
    assert_eq!(world.state.sessions(world.now).count(), 1);
    assert!(world.state.pending(step_up, world.now).is_none());
}

#[test]
fn a_step_up_needs_something_set_up_and_a_live_session() {
    let mut world = World::uncovered();
    let session = session_of(&world.start(Purpose::SignIn).1.unwrap());
    assert_eq!(world.start(Purpose::StepUp(session)).1, Err(SecondStepError::NothingSetUp));
    let (mut world, session) = World::enrolled(&[App, Email]);
    world.wait(3600);
    assert_eq!(world.start(Purpose::StepUp(session)).1, Err(SecondStepError::SessionOver));
}

#[test]
fn s16_a_step_up_dies_with_its_session() {
    let (mut world, session) = World::enrolled(&[App, Email]);
    let (step_up, started) = world.start(Purpose::StepUp(session));
    started.unwrap();
    let (because, now) = (EndReason::Revoked, world.now);
    world.run(SecondStepCommand::EndSession(EndSession { session, because, now })).unwrap();
    assert_eq!(world.verify(step_up, world.app()), Err(SecondStepError::SignInOver));
}

#[test]
fn s16_a_step_up_dies_when_its_session_has_been_idle_too_long() {
    let mut world = World::new();
    let session = world.enrol(&[App, Email]);
    world.wait(59 * 60);
    let (step_up, started) = world.start(Purpose::StepUp(session));
    started.unwrap();
    world.wait(60);
    assert_eq!(world.verify(step_up, world.app()), Err(SecondStepError::SignInOver));
}

#[test]
fn s11_a_wrong_code_at_a_step_up_counts_like_any_other() {
    let (mut world, session) = World::enrolled(&[App, Email]);
    let (step_up, started) = world.start(Purpose::StepUp(session));
    started.unwrap();
    world.guess_wrong(step_up, 4);
    world.now = world.state.retry_at(world.now).unwrap();
    let fifth = world.verify(step_up, Attempt::App { matched: None }).unwrap();
    assert_eq!(fifth[1], told(MessageKind::FiveFailures));
}

#[test]
fn a_sent_code_steps_up_too() {
    let (mut world, session) = World::enrolled(&[Sms, Email]);
    let (step_up, started) = world.start(Purpose::StepUp(session));
    started.unwrap();
    world.request(step_up, Method::Email).unwrap();
    let events = world.verify(step_up, world.sent(step_up, Method::Email, true)).unwrap();
    assert_eq!(names(&events), ["CodeAccepted", "SteppedUp"]);
    // What was reached before isn't lost by a weaker proof.
    assert_eq!(world.state.session(session, world.now).unwrap().proof.aal, 2);
}

#[test]
fn a_new_primary_is_not_set_up_inside_a_step_up() {
    let (mut world, session) = World::enrolled(&[App, Email]);
    world.requirement.primary = Method::Sms;
    let (step_up, started) = world.start(Purpose::StepUp(session));
    started.unwrap();
    assert_eq!(names(&world.verify(step_up, world.app()).unwrap()), ["CodeAccepted", "SteppedUp"]);
}

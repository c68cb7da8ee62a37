//! Turning off, and resets by administrators.

use super::world::{World, names, told};
use crate::BackupKind::{App, Email, Sms};
use crate::MemberId;
use crate::delivery::MessageKind;
use crate::second_step::*;

#[test]
fn a_reset_ends_methods_set_ups_sign_ins_and_sessions() {
    let (mut world, session) = World::enrolled(&[App, Email]);
    let sign_in = world.begin();
    world.set_up(SetUpOwner::Session(session), &[App]).unwrap();
    let contact = world.state.contacts().remove(0);
    let events = world.reset().unwrap();
    assert_eq!(names(&events), ["MfaResetForced", "NoticeRequested"]);
    let SecondStepEvent::NoticeRequested(notice) = &events[1] else { panic!("{events:?}") };
    assert_eq!((notice.kind, notice.also.clone()), (MessageKind::ResetByAdmin, Some(contact)));
    assert!(world.state.enrolment().is_none());
    assert_eq!(world.verify(sign_in, world.app()), Err(SecondStepError::SignInOver));
    assert_eq!(world.set_up(SetUpOwner::Session(session), &[]), Err(SecondStepError::SessionOver));
    assert_eq!(names(&world.start(Purpose::SignIn).1.unwrap())[1], "SetUpRequired");
    // Once more is no error.
    assert_eq!(world.reset().unwrap()[1], told(MessageKind::ResetByAdmin));
}

/// What they asked of others leaves an administrator's own second step as it was.
#[test]
fn resets_asked_for_are_kept_and_change_nothing_of_ones_own() {
    let (mut world, _) = World::enrolled(&[App, Email]);
    let before = world.state.clone();
    let members = vec![MemberId(uuid::Uuid::from_u128(7))];
    let events =
        world.run(SecondStepCommand::RequestResets(RequestResets { members: members.clone() })).unwrap();
    assert_eq!(events, [ResetsRequested { members }.into()]);
    assert_eq!(world.state, before);
}

#[test]
fn the_owner_turns_it_off_where_the_policy_does_not_cover_them() {
    let (mut world, session) = World::enrolled(&[App, Email, Sms]);
    assert_eq!(world.turn_off(session), Err(SecondStepError::Covered));
    world.requirement.judgement.reasons.clear();
    let events = world.turn_off(session).unwrap();
    assert_eq!(names(&events), ["MfaTurnedOff", "NoticeRequested", "NoticeRequested"]);
    assert_eq!(events[0], MfaTurnedOff { session }.into());
    assert_eq!(world.turn_off(session), Err(SecondStepError::NothingSetUp));
    let next = world.start(Purpose::SignIn).1.unwrap();
    assert_eq!(names(&next)[1], "SecondStepNotRequired");
}

#[test]
fn s18_turning_off_needs_a_proof_of_the_last_5_minutes() {
    let (mut world, session) = World::enrolled(&[App, Email]);
    world.requirement.judgement.reasons.clear();
    world.wait(300);
    assert_eq!(world.turn_off(session), Err(SecondStepError::StepUpRequired));
    world.step_up(session);
    world.turn_off(session).unwrap();
}

#[test]
fn s32_a_short_password_is_never_turned_off_into_standing_alone() {
    let (mut world, session) = World::enrolled(&[App, Email]);
    world.requirement.judgement.reasons.clear();
    world.requirement.long_password = false;
    assert_eq!(world.turn_off(session), Err(SecondStepError::ShortPassword));
    // Nor by the company: the methods that are there are asked for until the password is longer.
    world.requirement.turned_off = Some(world.requirement.judgement.company + 1);
    assert_eq!(names(&world.start(Purpose::SignIn).1.unwrap())[1], "ChallengeIssued");
    world.requirement.long_password = true;
    assert_eq!(names(&world.start(Purpose::SignIn).1.unwrap())[1], "SecondStepNotRequired");
}

#[test]
fn s32_a_short_password_opens_nothing_where_no_second_step_is_asked() {
    let mut world = World::new();
    world.requirement.long_password = false;
    let waiting = world.begin();
    world.requirement.judgement.reasons.clear();
    assert_eq!(world.start(Purpose::SignIn).1, Err(SecondStepError::ShortPassword));
    assert!(world.state.pending(waiting, world.now).is_some());
    // A dialog that was open when the second step ended opens nothing either.
    let (mut world, _) = World::enrolled(&[App, Email]);
    let open = world.begin();
    world.requirement.judgement.reasons.clear();
    world.requirement.long_password = false;
    world.requirement.required_epoch = crate::company::Epoch(2);
    assert_eq!(world.verify(open, world.app()), Err(SecondStepError::ShortPassword));
}

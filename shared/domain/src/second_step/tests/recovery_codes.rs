//! Printed codes.

use super::world::{World, names, printed, ten, told};
use crate::BackupKind::{App, Email, Printed};
use crate::delivery::MessageKind;
use crate::second_step::*;

#[test]
fn s9_codes_of_a_set_up_work_only_after_its_activation() {
    let (mut world, session) = World::enrolled(&[App, Email]);
    let owner = SetUpOwner::Session(session);
    world.set_up(owner, &[App]).unwrap();
    world.print(owner, true, "new").unwrap();
    let sign_in = world.begin();
    assert_eq!(names(&world.verify(sign_in, printed("new1")).unwrap()), ["CodeRejected"]);
    world.activate(owner).unwrap();
    assert_eq!(world.state.printed_codes(), &ten("new"));
    let sign_in = world.begin();
    world.verify(sign_in, printed("new1")).unwrap();
}

#[test]
fn s9_new_codes_in_a_session_kill_the_old_ones_at_once() {
    let (mut world, session) = World::enrolled(&[App, Printed]);
    let events = world.print(SetUpOwner::Session(session), false, "new").unwrap();
    let issued = RecoveryCodesIssued { set_up: None, codes: ten("new"), as_backup: true, at: world.now };
    assert_eq!(events, vec![issued.into(), told(MessageKind::MethodChanged)]);
    assert_eq!(world.state.printed_codes(), &ten("new"));
}

#[test]
fn s18_new_codes_need_a_proof_of_the_last_5_minutes() {
    let (mut world, session) = World::enrolled(&[App, Printed]);
    world.wait(300);
    let refused = Err(SecondStepError::StepUpRequired);
    assert_eq!(world.print(SetUpOwner::Session(session), false, "new"), refused);
}

#[test]
fn codes_outside_a_set_up_need_a_session_with_something_set_up() {
    let mut world = World::uncovered();
    let session = super::world::session_of(&world.start(Purpose::SignIn).1.unwrap());
    let owner = SetUpOwner::Session(session);
    assert_eq!(world.print(owner, false, "x"), Err(SecondStepError::NothingSetUp));
    let mut world = World::new();
    let owner = SetUpOwner::SignIn(world.begin());
    assert_eq!(world.print(owner, false, "x"), Err(SecondStepError::NotAtThisStep));
    assert_eq!(world.print(owner, true, "x"), Err(SecondStepError::SetUpOver));
}

//! S8: the mailed link.

use super::world::{World, names};
use crate::second_step::*;
use crate::{ChallengeId, Method};

fn mailed() -> (World, SetUpOwner, ChallengeId) {
    let mut world = World::new();
    let owner = SetUpOwner::SignIn(world.begin());
    world.set_up(owner, &[]).unwrap();
    world.ask(owner, Method::Email, "address").unwrap();
    let challenge = world.set_up_of(owner).email.as_ref().unwrap().challenge_id();
    (world, owner, challenge)
}

#[test]
fn on_the_device_that_set_up_one_press_proves_the_address() {
    let (mut world, owner, challenge) = mailed();
    let set_up = world.set_up_of(owner).id;
    let verified = BackupEmailVerified { set_up, challenge, at: world.now };
    assert_eq!(world.open_link(challenge, Device::Same(owner)), Ok(vec![verified.into()]));
    assert_eq!(world.open_link(challenge, Device::Same(owner)), Ok(vec![]));
    assert_eq!(world.open_link(challenge, Device::Other), Ok(vec![]));
    assert_eq!(world.confirm_contact(owner, Method::Email, false), Ok(vec![]));
}

#[test]
fn s8_on_another_device_the_press_alone_proves_nothing() {
    let (mut world, owner, challenge) = mailed();
    let opened = world.open_link(challenge, Device::Other).unwrap();
    assert_eq!(names(&opened), ["VerificationLinkOpened"]);
    assert_eq!(world.open_link(challenge, Device::Other), Ok(vec![]));
    assert!(world.set_up_of(owner).complete().is_empty());
    let with_code = Device::OtherWithCode { matches: true };
    assert_eq!(names(&world.open_link(challenge, with_code).unwrap()), ["BackupEmailVerified"]);
}

#[test]
fn s8_somebody_elses_sign_in_is_another_device() {
    let (mut world, owner, challenge) = mailed();
    let stranger = SetUpOwner::SignIn(world.begin());
    let opened = world.open_link(challenge, Device::Same(stranger)).unwrap();
    assert_eq!(names(&opened), ["VerificationLinkOpened"]);
    assert!(world.set_up_of(owner).complete().is_empty());
}

#[test]
fn s8_five_wrong_screen_codes_kill_the_link_and_count_for_the_person() {
    let (mut world, owner, challenge) = mailed();
    for _ in 0..5 {
        world.now = world.state.retry_at(world.now).unwrap_or(world.now);
        let events = world.open_link(challenge, Device::OtherWithCode { matches: false }).unwrap();
        assert_eq!(names(&events)[0], "CodeRejected");
    }
    world.wait(60);
    for device in [Device::OtherWithCode { matches: true }, Device::Other, Device::Same(owner)] {
        assert_eq!(world.open_link(challenge, device), Err(SecondStepError::LinkDead));
    }
    assert_eq!(world.state.failures().count(), 5);
    // The short code has its own count, and asking again makes a new link.
    assert!(
        world
            .state
            .live_challenge(During::SetUp(world.set_up_of(owner).id), Method::Email, world.now)
            .is_some()
    );
    assert_eq!(names(&world.ask(owner, Method::Email, "address").unwrap()), ["EmailVerificationRequested"]);
}

#[test]
fn s8_wrong_short_codes_leave_the_link_alone() {
    let (mut world, owner, challenge) = mailed();
    for _ in 0..5 {
        world.now = world.state.retry_at(world.now).unwrap_or(world.now);
        world.confirm_contact(owner, Method::Email, false).unwrap();
    }
    world.wait(60);
    world.open_link(challenge, Device::Same(owner)).unwrap();
    assert!(!world.set_up_of(owner).complete().is_empty());
}

#[test]
fn s8_a_link_outlives_its_short_code_and_dies_with_the_set_up() {
    let (mut world, owner, challenge) = mailed();
    world.wait(30 * 60);
    assert!(world.state.link(challenge, world.now).is_some());
    world.wait(30 * 60);
    assert_eq!(world.open_link(challenge, Device::Same(owner)), Err(SecondStepError::LinkDead));
}

#[test]
fn s8_a_link_dies_with_a_changed_address_a_new_set_up_or_a_reset() {
    let (mut world, owner, challenge) = mailed();
    world.ask(owner, Method::Email, "another address").unwrap();
    assert_eq!(world.open_link(challenge, Device::Same(owner)), Err(SecondStepError::LinkDead));
    let (mut world, owner, challenge) = mailed();
    world.set_up(owner, &[]).unwrap();
    assert_eq!(world.open_link(challenge, Device::Same(owner)), Err(SecondStepError::LinkDead));
    let (mut world, owner, challenge) = mailed();
    world.reset().unwrap();
    assert_eq!(world.open_link(challenge, Device::Same(owner)), Err(SecondStepError::LinkDead));
}

#[test]
fn a_link_opened_late_leads_back_into_the_same_set_up_with_the_finished_steps_kept() {
    let (mut world, owner, challenge) = mailed();
    world.prove(owner, &[crate::BackupKind::App]);
    world.wait(40 * 60);
    world.open_link(challenge, Device::Same(owner)).unwrap();
    world.activate(owner).unwrap();
}

#[test]
fn s11_screen_codes_wait_like_all_others() {
    let (mut world, owner, challenge) = mailed();
    for _ in 0..3 {
        world.open_link(challenge, Device::OtherWithCode { matches: false }).unwrap();
    }
    let next_at = world.now + chrono::TimeDelta::seconds(1);
    let refused = Err(SecondStepError::TooSoon { next_at });
    assert_eq!(world.open_link(challenge, Device::OtherWithCode { matches: true }), refused);
    assert!(world.set_up_of(owner).complete().is_empty());
}

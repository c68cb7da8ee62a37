//! Addresses and numbers in a set-up.

use chrono::TimeDelta;

use super::world::{World, digest, names};
use crate::BackupKind::{App, Email, Sms};
use crate::second_step::*;
use crate::{KeyPeriod, Method, Sealed};

fn begun(primary: Method) -> (World, SetUpOwner) {
    let mut world = World::new();
    world.requirement.primary = primary;
    let owner = SetUpOwner::SignIn(world.begin());
    world.set_up(owner, &[]).unwrap();
    (world, owner)
}

#[test]
fn an_address_gets_a_short_code_and_a_link_that_lives_as_long_as_the_set_up() {
    let (mut world, owner) = begun(Method::App);
    world.wait(100);
    let events = world.ask(owner, Method::Email, "address").unwrap();
    let set_up = world.set_up_of(owner);
    let expected = EmailVerificationRequested {
        set_up: set_up.id,
        dispatch: Dispatch {
            challenge: set_up.email.as_ref().unwrap().challenge_id(),
            method: Method::Email,
            destination: Sealed("address".into()),
            destination_hash: digest("address"),
            key: KeyPeriod("2026-11-24".into()),
            expires_at: world.now + TimeDelta::minutes(5),
        },
        link_key: KeyPeriod("2026-11".into()),
        link_expires_at: set_up.expires_at,
        at: world.now,
    };
    assert_eq!(events, vec![expected.into()]);
}

#[test]
fn a_right_code_proves_a_contact_as_what_the_set_up_wants_it_for() {
    for (primary, method, name) in [
        (Method::Email, Method::Email, "PrimaryEmailVerified"),
        (Method::App, Method::Email, "BackupEmailVerified"),
        (Method::Sms, Method::Sms, "PrimaryPhoneVerified"),
        (Method::App, Method::Sms, "BackupPhoneVerified"),
    ] {
        let (mut world, owner) = begun(primary);
        world.ask(owner, method, "there").unwrap();
        assert_eq!(names(&world.confirm_contact(owner, method, true).unwrap()), [name]);
        assert!(world.set_up_of(owner).complete().contains(&method.into()));
        assert_eq!(world.confirm_contact(owner, method, true), Ok(vec![]));
    }
}

#[test]
fn resend_delivers_the_same_code_and_link() {
    let (mut world, owner) = begun(Method::App);
    world.ask(owner, Method::Email, "address").unwrap();
    let set_up = world.set_up_of(owner);
    let during = During::SetUp(set_up.id);
    let dispatch = world.state.live_challenge(during, Method::Email, world.now).unwrap().clone();
    let link = Some(MailedLink { key: KeyPeriod("2026-11".into()), expires_at: set_up.expires_at });
    world.wait(30);
    let resent = CodeResent { during, dispatch, link, at: world.now };
    assert_eq!(world.ask(owner, Method::Email, "address"), Ok(vec![resent.into()]));
}

#[test]
fn a_changed_address_begins_anew_and_touches_no_other_step() {
    let (mut world, owner) = begun(Method::App);
    world.prove(owner, &[App, Sms]);
    world.ask(owner, Method::Email, "wrong address").unwrap();
    let old = world.set_up_of(owner).email.as_ref().unwrap().challenge_id();
    world.ask(owner, Method::Email, "address").unwrap();
    assert_eq!(world.set_up_of(owner).complete(), [App, Sms].into());
    // The old code proves nothing any more.
    let (method, challenge, now) = (Method::Email, Some(old), world.now);
    let command = ConfirmContact { owner, method, challenge, matches: true, now };
    let events = world.run(SecondStepCommand::ConfirmContact(command)).unwrap();
    assert_eq!(names(&events), ["CodeRejected"]);
}

#[test]
fn asking_again_for_a_proven_address_sends_nothing() {
    let (mut world, owner) = begun(Method::App);
    world.prove(owner, &[Email]);
    world.wait(60);
    assert_eq!(world.ask(owner, Method::Email, "address"), Ok(vec![]));
}

#[test]
fn s4_five_wrong_tries_kill_a_set_up_code() {
    let (mut world, owner) = begun(Method::Sms);
    world.ask(owner, Method::Sms, "number").unwrap();
    for _ in 0..5 {
        world.now = world.state.retry_at(world.now).unwrap_or(world.now);
        world.confirm_contact(owner, Method::Sms, false).unwrap();
    }
    world.now = world.state.retry_at(world.now).unwrap();
    let events = world.confirm_contact(owner, Method::Sms, true).unwrap();
    assert_eq!(names(&events), ["CodeRejected"]);
    assert_eq!(world.state.failures().count(), 6);
}

#[test]
fn s4_a_right_set_up_code_that_comes_too_late_is_not_counted() {
    let (mut world, owner) = begun(Method::Sms);
    world.ask(owner, Method::Sms, "number").unwrap();
    world.wait(300);
    assert_eq!(world.confirm_contact(owner, Method::Sms, true), Err(SecondStepError::CodeExpired));
    assert_eq!(world.state.failures().count(), 0);
}

#[test]
fn s11_set_up_codes_wait_like_all_others() {
    let (mut world, owner) = begun(Method::Sms);
    world.ask(owner, Method::Sms, "number").unwrap();
    for _ in 0..3 {
        world.confirm_contact(owner, Method::Sms, false).unwrap();
    }
    let next_at = world.now + TimeDelta::seconds(1);
    assert_eq!(world.confirm_contact(owner, Method::Sms, true), Err(SecondStepError::TooSoon { next_at }));
}

#[test]
fn without_an_address_there_is_nothing_to_confirm() {
    let (mut world, owner) = begun(Method::App);
    assert_eq!(world.confirm_contact(owner, Method::Email, true), Err(SecondStepError::NothingToConfirm));
}

#[test]
fn a_code_that_could_still_be_sent_again_is_replaced_after_a_wrong_try() {
    let (mut world, owner) = begun(Method::Sms);
    world.ask(owner, Method::Sms, "number").unwrap();
    world.confirm_contact(owner, Method::Sms, false).unwrap();
    world.wait(30);
    assert_eq!(names(&world.ask(owner, Method::Sms, "number").unwrap()), ["PhoneVerificationRequested"]);
}

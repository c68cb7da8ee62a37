//! *Send* and *Resend*.

use chrono::TimeDelta;

use super::world::{WRONG, World, digest, names};
use crate::BackupKind::{App, Email, Sms};
use crate::second_step::*;
use crate::{KeyPeriod, Method, Sealed};

fn waiting() -> (World, crate::SignInId) {
    let (mut world, _) = World::enrolled(&[Sms, Email]);
    let sign_in = world.begin();
    (world, sign_in)
}

fn live(world: &World, sign_in: crate::SignInId, method: Method) -> Option<Dispatch> {
    world.state.live_challenge(During::SignIn(sign_in), method, world.now).cloned()
}

#[test]
fn send_makes_a_code_that_lives_as_long_as_the_setting_says() {
    let (mut world, sign_in) = waiting();
    let events = world.request(sign_in, Method::Sms).unwrap();
    let SecondStepEvent::CodeRequested(requested) = &events[0] else { panic!("{events:?}") };
    let dispatch = Dispatch {
        challenge: requested.dispatch.challenge,
        method: Method::Sms,
        destination: Sealed("number".into()),
        destination_hash: digest("number"),
        key: KeyPeriod("2026-11-24".into()),
        expires_at: world.now + TimeDelta::minutes(5),
    };
    let during = During::SignIn(sign_in);
    assert_eq!(events, vec![CodeRequested { during, dispatch: dispatch.clone(), at: world.now }.into()]);
    assert_eq!(live(&world, sign_in, Method::Sms), Some(dispatch));
}

#[test]
fn s14_resend_delivers_the_same_code_with_its_life_and_counters_unchanged() {
    let (mut world, sign_in) = waiting();
    world.request(sign_in, Method::Sms).unwrap();
    let first = live(&world, sign_in, Method::Sms).unwrap();
    world.wait(240);
    let during = During::SignIn(sign_in);
    let resent = CodeResent { during, dispatch: first.clone(), link: None, at: world.now };
    assert_eq!(world.request(sign_in, Method::Sms), Ok(vec![resent.into()]));
    assert_eq!(live(&world, sign_in, Method::Sms), Some(first));
}

#[test]
fn with_less_than_a_minute_left_resend_makes_a_new_code_and_the_old_one_is_dead() {
    let (mut world, sign_in) = waiting();
    world.request(sign_in, Method::Sms).unwrap();
    let old = world.sent(sign_in, Method::Sms, true);
    world.wait(241);
    assert_eq!(names(&world.request(sign_in, Method::Sms).unwrap()), ["CodeRequested"]);
    assert_eq!(names(&world.verify(sign_in, old).unwrap()), ["CodeRejected"]);
}

#[test]
fn after_a_wrong_try_resend_makes_a_new_code() {
    let (mut world, sign_in) = waiting();
    world.request(sign_in, Method::Sms).unwrap();
    world.verify(sign_in, world.sent(sign_in, Method::Sms, false)).unwrap();
    world.wait(30);
    assert_eq!(names(&world.request(sign_in, Method::Sms).unwrap()), ["CodeRequested"]);
}

#[test]
fn a_wrong_try_at_another_method_leaves_the_sent_code_alone() {
    let (mut world, _) = World::enrolled(&[Sms, App]);
    let sign_in = world.begin();
    world.request(sign_in, Method::Sms).unwrap();
    world.verify(sign_in, WRONG).unwrap();
    world.wait(30);
    assert_eq!(names(&world.request(sign_in, Method::Sms).unwrap()), ["CodeResent"]);
}

#[test]
fn the_backup_can_be_sent_at_once_and_both_codes_live() {
    let (mut world, sign_in) = waiting();
    world.request(sign_in, Method::Sms).unwrap();
    world.request(sign_in, Method::Email).unwrap();
    assert!(live(&world, sign_in, Method::Sms).is_some());
    assert!(live(&world, sign_in, Method::Email).is_some());
}

#[test]
fn s14_one_send_in_30_seconds_five_in_10_minutes_eight_in_an_hour_twenty_in_a_day() {
    let (mut world, _) = waiting();
    let began = world.now;
    let mut waits = Vec::new();
    for _ in 0..20 {
        let sign_in = world.begin();
        world.request(sign_in, Method::Sms).unwrap();
        let next_at = world.state.next_send_at(&digest("number"), world.now).unwrap();
        assert_eq!(world.request(sign_in, Method::Sms), Err(SecondStepError::SendLimit { next_at }));
        waits.push((next_at - world.now).num_seconds());
        world.now = next_at;
    }
    // The fifth waits until the first is 10 min old, the eighth until it is an hour old.
    assert_eq!(waits[..8], [30, 30, 30, 30, 480, 30, 30, 2940]);
    assert_eq!(world.now - began, TimeDelta::days(1));
}

#[test]
fn s14_a_success_forgives_the_sends_before_it() {
    let (mut world, sign_in) = waiting();
    world.request(sign_in, Method::Sms).unwrap();
    world.verify(sign_in, world.sent(sign_in, Method::Sms, true)).unwrap();
    let sign_in = world.begin();
    world.request(sign_in, Method::Sms).unwrap();
}

#[test]
fn s14_a_success_with_another_method_forgives_nothing() {
    let (mut world, _) = World::enrolled(&[App, Sms]);
    let sign_in = world.begin();
    world.request(sign_in, Method::Sms).unwrap();
    world.verify(sign_in, world.app()).unwrap();
    let sign_in = world.begin();
    assert!(matches!(world.request(sign_in, Method::Sms), Err(SecondStepError::SendLimit { .. })));
}

#[test]
fn s14_ever_new_destinations_do_not_get_round_the_limit() {
    let mut world = World::new();
    let owner = SetUpOwner::SignIn(world.begin());
    world.set_up(owner, &[]).unwrap();
    let sent = (0..100).filter(|n| world.ask(owner, Method::Sms, &format!("number {n}")).is_ok()).count();
    assert_eq!(sent, 20);
}

#[test]
fn s14_a_set_up_and_a_sign_in_share_the_limit_of_a_destination() {
    let (mut world, session) = World::enrolled(&[Sms, Email]);
    let sign_in = world.begin();
    world.request(sign_in, Method::Sms).unwrap();
    let owner = SetUpOwner::Session(session);
    world.set_up(owner, &[Email]).unwrap();
    let next_at = world.now + TimeDelta::seconds(30);
    assert_eq!(world.ask(owner, Method::Sms, "number"), Err(SecondStepError::SendLimit { next_at }));
}

#[test]
fn the_app_is_sent_nothing() {
    let (mut world, _) = World::enrolled(&[App, Email]);
    let sign_in = world.begin();
    assert_eq!(world.request(sign_in, Method::App), Err(SecondStepError::MethodNotOffered));
}

#[test]
fn a_code_to_another_destination_is_not_the_one_to_send_again() {
    let (mut world, sign_in) = waiting();
    world.request(sign_in, Method::Sms).unwrap();
    let challenge = world.state.latest_challenge(During::SignIn(sign_in), Method::Sms).unwrap();
    assert!(challenge.is_resendable(&digest("number"), world.now));
    assert!(!challenge.is_resendable(&digest("another number"), world.now));
}

#[test]
fn s4_a_code_lives_10_minutes_at_most_whatever_the_setting_says() {
    let (mut world, sign_in) = waiting();
    world.life_seconds = 3600;
    world.request(sign_in, Method::Sms).unwrap();
    let code = live(&world, sign_in, Method::Sms).unwrap();
    assert_eq!(code.expires_at, world.now + TimeDelta::minutes(10));
}

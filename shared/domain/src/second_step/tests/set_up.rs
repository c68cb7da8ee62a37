//! Starting a set-up, and its app.

use std::collections::BTreeSet;

use chrono::TimeDelta;

use super::world::{World, all_kinds, names, told};
use crate::BackupKind::{App, Email, Printed, Sms};
use crate::company::Epoch;
use crate::delivery::MessageKind;
use crate::second_step::*;
use crate::{Method, TotpStep};

fn begun() -> (World, SetUpOwner) {
    let mut world = World::new();
    let owner = SetUpOwner::SignIn(world.begin());
    world.set_up(owner, &[]).unwrap();
    (world, owner)
}

#[test]
fn s34_a_set_up_begins_and_the_owner_is_told() {
    let mut world = World::new();
    let owner = SetUpOwner::SignIn(world.begin());
    let events = world.set_up(owner, &[]).unwrap();
    let started = SetUpStarted {
        set_up: world.set_up_of(owner).id,
        owner,
        epoch: Epoch(1),
        primary: Method::App,
        backups: all_kinds().into_iter().filter(|kind| *kind != App).collect(),
        keeps: BTreeSet::new(),
        expires_at: world.now + TimeDelta::minutes(60),
        edits: None,
        company: 7,
        work_address_first: None,
        at: world.now,
    };
    assert_eq!(events, vec![started.into(), told(MessageKind::SetUpStarted)]);
}

#[test]
fn s2_a_set_up_lives_an_hour_and_carries_its_sign_in_along() {
    let (mut world, owner) = begun();
    world.wait(60 * 60 - 1);
    assert!(world.state.set_up(owner, world.now).is_some());
    world.wait(1);
    assert_eq!(world.pair(owner), Err(SecondStepError::SetUpOver));
    assert_eq!(world.activate(owner), Err(SecondStepError::SetUpOver));
}

#[test]
fn s2_starting_again_and_again_keeps_no_sign_in_alive() {
    let (mut world, owner) = begun();
    for _ in 0..2 {
        world.wait(59 * 60);
        let _ = world.set_up(owner, &[]);
    }
    assert!(world.state.set_up(owner, world.now).is_none());
}

#[test]
fn s2_a_new_start_kills_the_old_set_up_and_what_it_proved() {
    let (mut world, owner) = begun();
    world.prove(owner, &[App, Email]);
    world.set_up(owner, &[]).unwrap();
    assert_eq!(world.set_up_of(owner).complete(), BTreeSet::new());
    let missing = SecondStepError::MissingPrimary { method: Method::App };
    assert_eq!(world.activate(owner), Err(missing));
}

#[test]
fn s2_a_new_sign_in_starts_empty() {
    let (mut world, owner) = begun();
    world.prove(owner, &[App, Email]);
    let other = SetUpOwner::SignIn(world.begin());
    assert_eq!(world.activate(other), Err(SecondStepError::SetUpOver));
    world.set_up(other, &[]).unwrap();
    assert_eq!(world.set_up_of(other).complete(), BTreeSet::new());
}

#[test]
fn s2_a_new_seed_kills_the_old_one() {
    let (mut world, owner) = begun();
    let old = world.pair(owner).unwrap();
    let new = world.pair(owner).unwrap();
    let step = Some(TotpStep::at(world.now));
    assert_eq!(world.confirm_app(owner, old, step), Err(SecondStepError::PairingOver));
    assert_eq!(names(&world.confirm_app(owner, new, step).unwrap()), ["AuthenticatorPaired"]);
}

#[test]
fn s2_an_unconfirmed_seed_lives_10_minutes() {
    let (mut world, owner) = begun();
    let pairing = world.pair(owner).unwrap();
    world.wait(599);
    assert!(world.set_up_of(owner).unconfirmed_pairing(world.now).is_some());
    world.wait(1);
    assert!(world.set_up_of(owner).unconfirmed_pairing(world.now).is_none());
    let step = Some(TotpStep::at(world.now));
    assert_eq!(world.confirm_app(owner, pairing, step), Err(SecondStepError::PairingOver));
}

#[test]
fn s2_a_confirmed_seed_is_given_out_no_more() {
    let (mut world, owner) = begun();
    let pairing = world.pair(owner).unwrap();
    let step = TotpStep::at(world.now);
    let events = world.confirm_app(owner, pairing, Some(step)).unwrap();
    let set_up = world.set_up_of(owner);
    let paired = AuthenticatorPaired { set_up: set_up.id, pairing, step, at: world.now };
    assert_eq!(events, vec![paired.into()]);
    assert_eq!(set_up.unconfirmed_pairing(world.now), None);
    assert_eq!(world.confirm_app(owner, pairing, Some(step)), Ok(vec![]));
}

#[test]
fn a_wrong_first_code_counts() {
    let (mut world, owner) = begun();
    let pairing = world.pair(owner).unwrap();
    assert_eq!(names(&world.confirm_app(owner, pairing, None).unwrap()), ["CodeRejected"]);
    assert_eq!(world.state.failures().count(), 1);
}

#[test]
fn only_the_primary_and_allowed_backups_are_set_up() {
    let mut world = World::new();
    world.requirement.primary = Method::Email;
    world.requirement.backups = BTreeSet::from([Sms]);
    let owner = SetUpOwner::SignIn(world.begin());
    world.set_up(owner, &[]).unwrap();
    let refused = SecondStepError::MethodNotAllowed;
    assert_eq!(world.pair(owner), Err(refused.clone()));
    assert_eq!(world.print(owner, true, "p"), Err(refused.clone()));
    assert_eq!(world.ask(owner, Method::App, "x"), Err(refused));
    world.ask(owner, Method::Email, "address").unwrap();
    world.ask(owner, Method::Sms, "number").unwrap();
}

#[test]
fn s12_a_sign_in_that_waits_for_a_code_starts_no_set_up() {
    let (mut world, _) = World::enrolled(&[App, Email]);
    let owner = SetUpOwner::SignIn(world.begin());
    assert_eq!(world.set_up(owner, &[]), Err(SecondStepError::NotAtThisStep));
    assert_eq!(world.pair(owner), Err(SecondStepError::SetUpOver));
    assert_eq!(world.activate(owner), Err(SecondStepError::SetUpOver));
}

#[test]
fn s18_the_password_alone_changes_nothing_once_an_undone_reset_lets_the_methods_count_again() {
    let (mut world, _) = World::enrolled(&[App, Email]);
    world.requirement.required_epoch = Epoch(2);
    let early = SetUpOwner::SignIn(world.begin());
    world.set_up(early, &[]).unwrap();
    let late = SetUpOwner::SignIn(world.begin());
    world.requirement.required_epoch = Epoch(1);
    assert_eq!(world.set_up(late, &[]), Err(SecondStepError::StepUpRequired));
    world.prove(early, &[App, Printed]);
    assert_eq!(world.activate(early), Err(SecondStepError::SetUpOutdated));
}

#[test]
fn s18_an_edit_needs_a_proof_of_the_last_5_minutes() {
    let (mut world, session) = World::enrolled(&[App, Email]);
    let owner = SetUpOwner::Session(session);
    world.wait(5 * 60);
    assert_eq!(world.set_up(owner, &[Email]), Err(SecondStepError::StepUpRequired));
    world.step_up(session);
    let before = world.state.enrolment().unwrap().set_up;
    let events = world.set_up(owner, &[Email]).unwrap();
    let SecondStepEvent::SetUpStarted(started) = &events[0] else { panic!("{events:?}") };
    assert_eq!((started.edits, &started.keeps), (Some(before), &BTreeSet::from([Email])));
}

#[test]
fn only_what_is_set_up_and_allowed_can_be_kept() {
    let (mut world, session) = World::enrolled(&[App, Email]);
    let owner = SetUpOwner::Session(session);
    assert_eq!(world.set_up(owner, &[Sms]), Err(SecondStepError::CannotKeep { kind: Sms }));
    world.requirement.backups = BTreeSet::from([Printed]);
    assert_eq!(world.set_up(owner, &[Email]), Err(SecondStepError::CannotKeep { kind: Email }));
    // A first set-up has nothing to keep.
    let mut world = World::new();
    let owner = SetUpOwner::SignIn(world.begin());
    assert_eq!(world.set_up(owner, &[App]), Err(SecondStepError::CannotKeep { kind: App }));
}

#[test]
fn a_set_up_ends_with_its_session() {
    let mut world = World::uncovered();
    let session = super::world::session_of(&world.start(Purpose::SignIn).1.unwrap());
    let owner = SetUpOwner::Session(session);
    world.set_up(owner, &[]).unwrap();
    let (because, now) = (EndReason::SignedOut, world.now);
    world.run(SecondStepCommand::EndSession(EndSession { session, because, now })).unwrap();
    assert_eq!(world.pair(owner), Err(SecondStepError::SetUpOver));
    assert_eq!(world.set_up(owner, &[]), Err(SecondStepError::SessionOver));
}

//! *Activate*.

use std::collections::BTreeSet;

use super::world::{World, amr, names, session_of, ten, told};
use crate::BackupKind::{App, Email, Printed, Sms};
use crate::company::Epoch;
use crate::delivery::MessageKind;
use crate::second_step::*;
use crate::{Method, SessionId};

fn begun() -> (World, SetUpOwner) {
    let mut world = World::new();
    let owner = SetUpOwner::SignIn(world.begin());
    world.set_up(owner, &[]).unwrap();
    (world, owner)
}

fn signed_in(events: &[SecondStepEvent]) -> &SignedIn {
    let found = events.iter().find_map(|event| match event {
        SecondStepEvent::SignedIn(signed_in) => Some(signed_in),
        _ => None,
    });
    found.unwrap()
}

#[test]
fn activate_puts_primary_and_backup_in_force_and_signs_in() {
    let (mut world, owner) = begun();
    world.prove(owner, &[App, Email]);
    let set_up = world.set_up_of(owner).id;
    let events = world.activate(owner).unwrap();
    let at = world.now;
    let signed_in = signed_in(&events).clone();
    assert_eq!((signed_in.amr.clone(), signed_in.aal), (amr([Amr::Pwd, Amr::Otp, Amr::Email, Amr::Mfa]), 2));
    assert_eq!(
        events,
        vec![
            RecoveryCodesIssued { set_up: Some(set_up), codes: ten("r"), as_backup: false, at }.into(),
            MfaActivated { set_up, epoch: Epoch(1), primary: Method::App, backup: Email, company: 7, at }
                .into(),
            signed_in.into(),
            told(MessageKind::TwoStepActivated),
        ]
    );
    assert_eq!(world.state.printed_codes(), &ten("r"));
    assert!(world.state.app_pairing().is_some());
    assert_eq!(world.state.contacts().len(), 1);
}

#[test]
fn printed_codes_as_backup_are_enough_without_any_phone() {
    let mut world = World::new();
    world.requirement.primary = Method::Email;
    let owner = SetUpOwner::SignIn(world.begin());
    world.set_up(owner, &[]).unwrap();
    world.prove(owner, &[Email, Printed]);
    let events = world.activate(owner).unwrap();
    assert_eq!(names(&events), ["MfaActivated", "SignedIn", "NoticeRequested"]);
    assert_eq!(signed_in(&events).aal, 1);
    assert_eq!(world.state.printed_codes(), &ten("p"));
}

#[test]
fn s18_nothing_is_active_before_primary_and_backup_are_proven() {
    let (mut world, owner) = begun();
    let missing_primary = SecondStepError::MissingPrimary { method: Method::App };
    assert_eq!(world.activate(owner), Err(missing_primary.clone()));
    world.prove(owner, &[Email]);
    assert_eq!(world.activate(owner), Err(missing_primary));
    let (mut world, owner) = begun();
    world.prove(owner, &[App]);
    world.ask(owner, Method::Email, "address").unwrap();
    let missing_backup = SecondStepError::MissingBackup { allowed: [Sms, Email, Printed].into() };
    assert_eq!(world.activate(owner), Err(missing_backup));
}

#[test]
fn an_activation_that_races_with_a_mass_reset_is_refused() {
    let (mut world, owner) = begun();
    world.prove(owner, &[App, Email]);
    world.requirement.required_epoch = Epoch(2);
    assert_eq!(world.activate(owner), Err(SecondStepError::SetUpOutdated));
    world.set_up(owner, &[]).unwrap();
    world.wait(60);
    world.prove(owner, &[App, Email]);
    world.activate(owner).unwrap();
    assert_eq!(world.state.enrolment().unwrap().epoch, Epoch(2));
}

#[test]
fn an_activation_that_races_with_a_turning_off_for_people_not_covered_is_refused() {
    let mut world = World::uncovered();
    let owner = SetUpOwner::Session(password_session(&mut world));
    world.set_up(owner, &[]).unwrap();
    world.prove(owner, &[App, Email]);
    world.requirement.turned_off = Some(8);
    assert_eq!(world.activate(owner), Err(SecondStepError::SetUpOutdated));
}

#[test]
fn a_set_up_is_activated_once() {
    let mut world = World::uncovered();
    let owner = SetUpOwner::Session(password_session(&mut world));
    world.set_up(owner, &[]).unwrap();
    world.prove(owner, &[App, Email]);
    world.activate(owner).unwrap();
    assert!(world.state.set_up(owner, world.now).is_none());
    assert_eq!(world.activate(owner), Err(SecondStepError::SetUpOver));
}

#[test]
fn s18_an_edit_is_no_proof_of_what_was_set_up_before() {
    let (mut world, session) = World::enrolled(&[App, Email]);
    let owner = SetUpOwner::Session(session);
    world.set_up(owner, &[App]).unwrap();
    world.prove_contact(owner, Method::Email, "new address");
    world.step_up(session);
    world.wait(299);
    world.activate(owner).unwrap();
    world.wait(1);
    assert_eq!(world.set_up(owner, &[App]), Err(SecondStepError::StepUpRequired));
}

#[test]
fn s18_an_edit_is_activated_with_a_proof_of_the_last_5_minutes_and_waits_for_it() {
    let (mut world, session) = World::enrolled(&[App, Email]);
    let owner = SetUpOwner::Session(session);
    let before = world.state.contacts();
    world.set_up(owner, &[App]).unwrap();
    world.prove_contact(owner, Method::Email, "an address of whoever stole the session");
    world.wait(240);
    assert_eq!(world.activate(owner), Err(SecondStepError::StepUpRequired));
    assert_eq!(world.state.contacts(), before);
    world.step_up(session);
    world.activate(owner).unwrap();
    assert_ne!(world.state.contacts(), before);
}

#[test]
fn s18_an_edit_in_a_session_is_over_after_15_minutes() {
    let (mut world, session) = World::enrolled(&[App, Email]);
    let owner = SetUpOwner::Session(session);
    world.set_up(owner, &[App]).unwrap();
    world.prove_contact(owner, Method::Email, "new address");
    world.wait(15 * 60 - 31);
    world.step_up(session);
    assert!(world.state.set_up(owner, world.now).is_some());
    world.wait(1);
    assert_eq!(world.activate(owner), Err(SecondStepError::SetUpOver));
    // A first set-up has the whole hour: there is nothing yet that it could replace.
    let mut world = World::uncovered();
    let owner = SetUpOwner::Session(password_session(&mut world));
    world.set_up(owner, &[]).unwrap();
    world.prove(owner, &[App, Email]);
    world.wait(59 * 60);
    world.activate(owner).unwrap();
}

#[test]
fn an_activation_that_races_with_a_new_primary_starts_again() {
    let (mut world, owner) = begun();
    world.prove(owner, &[App, Email]);
    world.requirement.primary = Method::Sms;
    assert_eq!(world.activate(owner), Err(SecondStepError::SetUpOutdated));
    // Where what was proven does for the new policy too, it does.
    world.requirement.primary = Method::Email;
    world.activate(owner).unwrap();
}

#[test]
fn s2_an_activation_ends_every_other_set_up_and_pending_sign_in() {
    let (mut world, owner) = begun();
    let other = world.begin();
    world.set_up(SetUpOwner::SignIn(other), &[]).unwrap();
    world.prove(owner, &[App, Email]);
    world.activate(owner).unwrap();
    assert_eq!(world.pair(SetUpOwner::SignIn(other)), Err(SecondStepError::SetUpOver));
    assert_eq!(world.set_up(SetUpOwner::SignIn(other), &[]), Err(SecondStepError::SignInOver));
    assert_eq!(world.set_up(owner, &[]), Err(SecondStepError::SignInOver));
}

#[test]
fn s18_an_activation_ends_every_other_session() {
    let mut world = World::uncovered();
    let (mine, other) = (password_session(&mut world), password_session(&mut world));
    let owner = SetUpOwner::Session(mine);
    world.set_up(owner, &[]).unwrap();
    world.prove(owner, &[App, Email]);
    let events = world.activate(owner).unwrap();
    assert_eq!(names(&events), ["RecoveryCodesIssued", "MfaActivated", "SessionEnded", "NoticeRequested"]);
    assert_eq!(events[2], SessionEnded { session: other, because: EndReason::Activated }.into());
    assert!(world.state.session(other, world.now).is_none());
    // The own session has just proven everything there is.
    let standing = world.state.judge_session(mine, &world.requirement, world.now);
    assert_eq!(standing, Ok(SessionStanding::Full));
    assert_eq!(world.state.session(mine, world.now).unwrap().proof.aal, 2);
}

#[test]
fn s18_an_edit_keeps_what_it_says_tells_the_old_contact_and_leaves_printed_codes_alone() {
    let (mut world, session) = World::enrolled(&[App, Email]);
    let owner = SetUpOwner::Session(session);
    let old = world.state.contacts().remove(0);
    world.set_up(owner, &[App]).unwrap();
    world.prove_contact(owner, Method::Email, "new address");
    // A new one counts only once it is activated.
    assert_eq!(world.state.contacts(), vec![old.clone()]);
    let events = world.activate(owner).unwrap();
    assert_eq!(names(&events), ["MfaActivated", "NoticeRequested"]);
    let SecondStepEvent::NoticeRequested(notice) = &events[1] else { panic!("{events:?}") };
    assert_eq!((notice.kind, notice.also.clone()), (MessageKind::MethodChanged, Some(old)));
    assert_eq!(world.state.printed_codes(), &ten("r"));
    assert_eq!(world.state.contacts()[0].hash, super::world::digest("new address"));
}

#[test]
fn an_edit_names_the_methods_that_it_takes_away() {
    let (mut world, session) = World::enrolled(&[App, Email, Sms]);
    let owner = SetUpOwner::Session(session);
    world.set_up(owner, &[App, Email]).unwrap();
    let events = world.activate(owner).unwrap();
    assert_eq!(events[0], MethodRemoved { method: Sms }.into());
    assert_eq!(names(&events), ["MethodRemoved", "MfaActivated", "NoticeRequested"]);
    assert_eq!(world.state.enrolment().unwrap().methods.held(), BTreeSet::from([App, Email, Printed]));
}

#[test]
fn s18_two_replaced_contacts_are_told_both() {
    let (mut world, session) = World::enrolled(&[App, Email, Sms]);
    let old = world.state.contacts();
    let owner = SetUpOwner::Session(session);
    world.set_up(owner, &[App]).unwrap();
    world.prove_contact(owner, Method::Email, "new address");
    let events = world.activate(owner).unwrap();
    let told: Vec<_> = events
        .iter()
        .filter_map(|event| match event {
            SecondStepEvent::NoticeRequested(notice) => notice.also.clone(),
            _ => None,
        })
        .collect();
    assert_eq!(told, old);
}

#[test]
fn start_pairing_again_replaces_the_app_and_its_used_codes_belong_to_the_old_seed() {
    let (mut world, session) = World::enrolled(&[App, Email]);
    let before = world.state.app_pairing().unwrap().0;
    let owner = SetUpOwner::Session(session);
    world.set_up(owner, &[Email]).unwrap();
    world.prove(owner, &[App]);
    world.activate(owner).unwrap();
    assert_ne!(world.state.app_pairing().unwrap().0, before);
    assert_eq!(world.state.enrolment().unwrap().methods.held(), BTreeSet::from([App, Email, Printed]));
}

#[test]
fn kept_printed_codes_that_were_used_up_meanwhile_are_no_backup() {
    let (mut world, session) = World::enrolled(&[App, Printed]);
    let owner = SetUpOwner::Session(session);
    world.set_up(owner, &[Printed]).unwrap();
    world.prove(owner, &[App]);
    let (codes, now) = (BTreeSet::new(), world.now);
    let none = IssueRecoveryCodes { owner, as_backup: false, codes, now };
    world.run(SecondStepCommand::IssueRecoveryCodes(none)).unwrap();
    assert!(matches!(world.activate(owner), Err(SecondStepError::MissingBackup { .. })));
}

#[test]
fn after_a_mass_reset_the_old_contacts_are_told_of_the_new_activation() {
    let (mut world, _) = World::enrolled(&[App, Email]);
    let old = world.state.contacts().remove(0);
    world.requirement.required_epoch = Epoch(2);
    let owner = SetUpOwner::SignIn(world.begin());
    world.set_up(owner, &[]).unwrap();
    world.prove(owner, &[App, Printed]);
    let events = world.activate(owner).unwrap();
    let SecondStepEvent::NoticeRequested(notice) = events.last().unwrap() else { panic!("{events:?}") };
    assert_eq!((notice.kind, notice.also.clone()), (MessageKind::TwoStepActivated, Some(old)));
    assert!(world.state.contacts().is_empty());
}

fn password_session(world: &mut World) -> SessionId {
    session_of(&world.start(Purpose::SignIn).1.unwrap())
}

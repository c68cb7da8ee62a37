//! *Confirm the work address first* (S34).

use super::world::{World, digest, names, session_of};
use crate::BackupKind::{App, Email, Printed, Sms};
use crate::second_step::*;
use crate::{BackupKind, Method, PairingId, TotpStep};

const FIRST: SecondStepError = SecondStepError::WorkAddressFirst;

/// A first set-up of somebody whose company wants the address "work" proven first; app is primary.
fn begun(backups: &[BackupKind]) -> (World, SetUpOwner) {
    let mut world = World::new();
    world.requirement.backups = backups.iter().copied().collect();
    world.requirement.work_address_first = Some(digest("work"));
    let owner = SetUpOwner::SignIn(world.begin());
    world.set_up(owner, &[]).unwrap();
    (world, owner)
}

#[test]
fn s34_nothing_else_is_possible_before_the_work_address_is_proven() {
    let (mut world, owner) = begun(&[Email, Sms, Printed]);
    assert_eq!(world.pair(owner), Err(FIRST));
    let pairing = PairingId(world.id());
    assert_eq!(world.confirm_app(owner, pairing, Some(TotpStep::at(world.now))), Err(FIRST));
    assert_eq!(world.ask(owner, Method::Sms, "number"), Err(FIRST));
    assert_eq!(world.ask(owner, Method::Email, "elsewhere"), Err(FIRST));
    assert_eq!(world.print(owner, true, "p"), Err(FIRST));
    assert_eq!(world.activate(owner), Err(FIRST));
    world.ask(owner, Method::Email, "work").unwrap();
    assert_eq!(world.pair(owner), Err(FIRST), "asked for is not proven");
    assert_eq!(names(&world.confirm_contact(owner, Method::Email, false).unwrap()), ["CodeRejected"]);
    assert_eq!(world.pair(owner), Err(FIRST));
    world.confirm_contact(owner, Method::Email, true).unwrap();
    world.prove(owner, &[App]);
    world.wait(60);
    assert!(session_of(&world.activate(owner).unwrap()).0 != uuid::Uuid::nil());
}

#[test]
fn s34_it_is_proven_also_where_email_is_no_method_and_becomes_none() {
    let (mut world, owner) = begun(&[Printed]);
    world.prove_contact(owner, Method::Email, "work");
    assert_eq!(world.ask(owner, Method::Email, "elsewhere"), Err(SecondStepError::MethodNotAllowed));
    world.prove(owner, &[App, Printed]);
    world.activate(owner).unwrap();
    let held = world.state.counting(&world.requirement).unwrap().methods.held();
    assert_eq!(held, [App, Printed].into());
}

#[test]
fn the_proven_work_address_is_the_email_backup_until_another_one_is_proven() {
    let (mut world, owner) = begun(&[Email]);
    world.prove_contact(owner, Method::Email, "work");
    assert!(world.set_up_of(owner).complete().contains(&Email));
    world.prove_contact(owner, Method::Email, "elsewhere");
    world.prove(owner, &[App]);
    world.activate(owner).unwrap();
    let contacts = world.state.contacts();
    assert_eq!(contacts.iter().map(|contact| &contact.hash).collect::<Vec<_>>(), [&digest("elsewhere")]);
}

#[test]
fn s34_the_link_on_the_same_device_proves_it_too() {
    let (mut world, owner) = begun(&[Printed]);
    world.ask(owner, Method::Email, "work").unwrap();
    let challenge = world.set_up_of(owner).email.as_ref().unwrap().challenge_id();
    world.open_link(challenge, Device::Same(owner)).unwrap();
    assert_eq!(world.set_up_of(owner).work_address, WorkAddress::Proven);
}

#[test]
fn an_edit_of_what_counts_does_not_ask_for_it() {
    let (mut world, session) = World::enrolled(&[App, Email]);
    world.requirement.work_address_first = Some(digest("work"));
    world.step_up(session);
    let owner = SetUpOwner::Session(session);
    world.set_up(owner, &[App]).unwrap();
    assert_eq!(world.set_up_of(owner).work_address, WorkAddress::NotAsked);
}

#[test]
fn s34_a_set_up_from_before_the_company_asked_for_it_starts_again() {
    let mut world = World::new();
    let owner = SetUpOwner::SignIn(world.begin());
    world.set_up(owner, &[]).unwrap();
    world.prove(owner, &[App, Email]);
    world.requirement.work_address_first = Some(digest("work"));
    assert_eq!(world.activate(owner), Err(SecondStepError::SetUpOutdated));
}

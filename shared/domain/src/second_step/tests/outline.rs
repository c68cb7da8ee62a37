//! The outline that read models keep: what is set up, and what the console can show.

use super::world::{World, old_console, web};
use crate::second_step::*;
use crate::{BackupKind, Capabilities, Client, ClientKind, Method};

fn outline(world: &World) -> Outline {
    let mut outline = Outline::default();
    world.log.iter().for_each(|event| outline.apply(event));
    outline
}

fn methods(world: &World) -> Vec<Method> {
    outline(world).enrolled().map(|it| it.methods.iter().copied().collect()).unwrap_or_default()
}

#[test]
fn what_an_edit_neither_keeps_nor_proves_is_gone() {
    let (mut world, session) = World::enrolled(&[BackupKind::App, BackupKind::Sms]);
    assert_eq!(methods(&world), [Method::App, Method::Sms]);
    world.step_up(session);
    let owner = SetUpOwner::Session(session);
    world.set_up(owner, &[BackupKind::App]).unwrap();
    world.prove(owner, &[BackupKind::Email]);
    assert_eq!(methods(&world), [Method::App, Method::Sms], "nothing is in force before the activation");
    world.activate(owner).unwrap();
    assert_eq!(methods(&world), [Method::App, Method::Email]);
    assert!(!outline(&world).enrolled().unwrap().printed, "given out, not chosen");
    world.reset().unwrap();
    assert_eq!(outline(&world).enrolled(), None);
}

#[test]
fn printed_codes_that_were_chosen_are_known() {
    let (world, _) = World::enrolled(&[BackupKind::App, BackupKind::Printed]);
    assert!(outline(&world).enrolled().unwrap().printed);
}

#[test]
fn what_its_owner_turns_off_is_gone() {
    let (mut world, session) = World::enrolled(&[BackupKind::App, BackupKind::Sms]);
    world.step_up(session);
    world.requirement.judgement.reasons.clear();
    world.turn_off(session).unwrap();
    assert_eq!(outline(&world).enrolled(), None);
}

#[test]
fn the_last_console_stays_known_whatever_happens_on_the_website() {
    let mut world = World::uncovered();
    let console = |world: &World| outline(world).console().cloned();
    let sign_in = |world: &mut World, client: Client| {
        world.client = client;
        world.begin();
    };
    sign_in(&mut world, web());
    assert_eq!(console(&world), None);
    sign_in(&mut world, old_console());
    sign_in(&mut world, web());
    assert_eq!(console(&world), Some(Capabilities::default()));
    let new = Client { kind: ClientKind::Console, version: None, capabilities: Capabilities::all() };
    sign_in(&mut world, new);
    assert_eq!(console(&world), Some(Capabilities::all()));
    // Says nothing at all of itself.
    sign_in(
        &mut world,
        Client { kind: ClientKind::Web, version: None, capabilities: Capabilities::default() },
    );
    assert_eq!(console(&world), Some(Capabilities::default()));
}

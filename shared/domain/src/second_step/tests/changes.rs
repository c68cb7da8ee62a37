//! S14: what tells every contact is begun so often only.

use chrono::TimeDelta;

use super::world::{World, names};
use crate::BackupKind::{App, Email, Printed};
use crate::second_step::*;

#[test]
fn s14_five_set_ups_start_in_10_minutes_ten_in_an_hour_twenty_in_a_day() {
    let mut world = World::new();
    let began = world.now;
    let mut waits = Vec::new();
    for _ in 0..20 {
        // A new sign-in gives no fresh budget.
        let owner = SetUpOwner::SignIn(world.begin());
        world.set_up(owner, &[]).unwrap();
        let next_at = world.state.next_change_at(world.now);
        if let Some(next_at) = next_at {
            assert_eq!(world.set_up(owner, &[]), Err(SecondStepError::ChangeLimit { next_at }));
        }
        waits.push(next_at.map_or(0, |next_at| (next_at - world.now).num_seconds()));
        world.now = next_at.unwrap_or(world.now);
    }
    assert_eq!(waits[..10], [0, 0, 0, 0, 600, 0, 0, 0, 0, 3_000]);
    assert_eq!(world.now - began, TimeDelta::days(1));
}

#[test]
fn s14_edits_and_new_printed_codes_count_together_and_activations_forgive_nothing() {
    let (mut world, session) = World::enrolled(&[App, Email, Printed]);
    let owner = SetUpOwner::Session(session);
    let began = world.now - TimeDelta::seconds(60);
    // The set-up that enrolled was the first.
    for _ in 0..2 {
        world.set_up(owner, &[App, Email, Printed]).unwrap();
        world.activate(owner).unwrap();
    }
    for name in ["fourth", "fifth"] {
        world.print(owner, false, name).unwrap();
    }
    let refused = SecondStepError::ChangeLimit { next_at: began + TimeDelta::minutes(10) };
    assert_eq!(world.print(owner, false, "sixth"), Err(refused.clone()));
    assert_eq!(world.set_up(owner, &[App, Email]), Err(refused));
}

#[test]
fn s14_a_refused_start_leaves_the_set_up_under_way_alone() {
    let mut world = World::new();
    let owner = SetUpOwner::SignIn(world.begin());
    for _ in 0..5 {
        world.set_up(owner, &[]).unwrap();
    }
    let under_way = world.set_up_of(owner).id;
    world.set_up(owner, &[]).unwrap_err();
    assert_eq!(world.set_up_of(owner).id, under_way);
    world.prove(owner, &[App, Printed]);
    world.activate(owner).unwrap();
}

#[test]
fn s14_an_event_that_comes_late_forgives_no_start() {
    let (mut world, session) = World::enrolled(&[App, Email]);
    world.wait(600);
    let owner = SetUpOwner::Session(world.sign_in());
    for _ in 0..5 {
        world.set_up(owner, &[App, Email]).unwrap();
    }
    let next_at = world.state.next_change_at(world.now);
    assert!(next_at.is_some());
    let late = TouchSession { session, now: world.now - TimeDelta::seconds(1) };
    assert_eq!(names(&world.run(SecondStepCommand::TouchSession(late)).unwrap()), ["SessionSeen"]);
    assert_eq!(world.state.next_change_at(world.now), next_at);
}

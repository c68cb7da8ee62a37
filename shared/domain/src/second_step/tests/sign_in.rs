//! What follows the right password.

use std::collections::BTreeSet;

use chrono::TimeDelta;

use super::world::{World, amr, digest, names, offered, old_console, printed};
use crate::BackupKind::{App, Email, Printed, Sms};
use crate::Method;
use crate::company::{Epoch, Texting};
use crate::second_step::*;

#[test]
fn who_is_not_covered_and_has_nothing_set_up_is_signed_in_by_the_password() {
    let mut world = World::uncovered();
    let (sign_in, outcome) = world.start(Purpose::SignIn);
    let judgement = world.requirement.judgement.clone();
    let events = outcome.unwrap();
    let SecondStepEvent::SignedIn(signed_in) = &events[2] else { panic!("{events:?}") };
    assert_eq!(
        events,
        vec![
            SignInStarted {
                sign_in,
                purpose: Purpose::SignIn,
                token: digest("bearer"),
                client: world.client.clone(),
                excluded: None,
                password: 3,
                expires_at: world.now + TimeDelta::minutes(15),
                at: world.now,
            }
            .into(),
            SecondStepNotRequired { sign_in, judgement: judgement.clone() }.into(),
            SignedIn {
                sign_in,
                session: signed_in.session,
                token: signed_in.token.clone(),
                amr: amr([Amr::Pwd]),
                aal: 1,
                password: 3,
                client: world.client.clone(),
                judgement,
                expires_at: world.now + TimeDelta::hours(24),
                at: world.now,
            }
            .into(),
        ]
    );
    assert!(world.state.pending(sign_in, world.now).is_none());
}

#[test]
fn who_is_covered_and_has_nothing_set_up_must_set_up() {
    let mut world = World::new();
    let (sign_in, outcome) = world.start(Purpose::SignIn);
    let judgement = world.requirement.judgement.clone();
    assert_eq!(outcome.unwrap()[1..], [SetUpRequired { sign_in, judgement }.into()]);
    assert_eq!(world.state.pending(sign_in, world.now).unwrap().stage, Stage::SetUp { proof: None });
}

#[test]
fn s12_an_old_console_gets_no_further_than_set_up_required() {
    let mut world = World::new();
    world.client = old_console();
    let (sign_in, outcome) = world.start(Purpose::SignIn);
    assert_eq!(names(&outcome.unwrap()), ["SignInStarted", "SetUpRequired"]);
    assert_eq!(world.verify(sign_in, world.app()), Err(SecondStepError::NotAtThisStep));
}

#[test]
fn who_is_set_up_is_asked_with_the_primary_first() {
    let (mut world, _) = World::enrolled(&[Email, App, Sms]);
    let (sign_in, outcome) = world.start(Purpose::SignIn);
    let judgement = world.requirement.judgement.clone();
    let expected = ChallengeIssued { sign_in, offered: vec![Email, App, Sms, Printed], judgement };
    assert_eq!(outcome.unwrap()[1..], [expected.into()]);
    assert_eq!(world.state.offered(sign_in, &world.requirement, world.now), vec![Email, App, Sms, Printed]);
}

#[test]
fn policy_only_adds_so_who_is_no_longer_covered_is_still_asked() {
    let (mut world, _) = World::enrolled(&[App, Email]);
    world.requirement.judgement.reasons.clear();
    assert_eq!(offered(&world.start(Purpose::SignIn).1.unwrap()), vec![App, Email, Printed]);
}

#[test]
fn turning_off_for_people_no_longer_covered_ends_older_enrolments_of_theirs_only() {
    let (mut world, _) = World::enrolled(&[App, Email]);
    world.requirement.turned_off = Some(8);
    world.requirement.judgement.company = 8;
    assert_eq!(names(&world.start(Purpose::SignIn).1.unwrap())[1], "ChallengeIssued");
    world.requirement.judgement.reasons.clear();
    let events = world.start(Purpose::SignIn).1.unwrap();
    assert_eq!(names(&events), ["SignInStarted", "SecondStepNotRequired", "SignedIn"]);

    // Whoever sets up again afterwards is asked again.
    let session = super::world::session_of(&events);
    let owner = SetUpOwner::Session(session);
    world.set_up(owner, &[]).unwrap();
    world.prove(owner, &[App, Printed]);
    world.activate(owner).unwrap();
    assert_eq!(names(&world.start(Purpose::SignIn).1.unwrap())[1], "ChallengeIssued");
}

#[test]
fn a_lower_epoch_no_longer_counts_and_a_lowered_requirement_lets_it_count_again() {
    let (mut world, _) = World::enrolled(&[App, Email]);
    world.requirement.required_epoch = Epoch(2);
    assert_eq!(names(&world.start(Purpose::SignIn).1.unwrap())[1], "SetUpRequired");
    world.requirement.required_epoch = Epoch(1);
    assert_eq!(names(&world.start(Purpose::SignIn).1.unwrap())[1], "ChallengeIssued");
}

#[test]
fn who_lacks_the_new_primary_is_offered_every_old_method_first() {
    let (mut world, _) = World::enrolled(&[App, Email]);
    world.requirement.primary = Method::Sms;
    world.requirement.backups = BTreeSet::from([Printed]);
    assert_eq!(offered(&world.start(Purpose::SignIn).1.unwrap()), vec![App, Email, Printed]);
}

#[test]
fn a_backup_that_becomes_the_primary_simply_swaps_roles() {
    let (mut world, _) = World::enrolled(&[App, Email]);
    world.requirement.primary = Method::Email;
    let sign_in = world.begin();
    let events = world.verify(sign_in, world.app()).unwrap();
    assert_eq!(names(&events), ["CodeAccepted", "SignedIn"]);
}

#[test]
fn a_backup_kind_that_the_policy_no_longer_allows_is_not_offered_to_who_has_the_primary() {
    let (mut world, _) = World::enrolled(&[App, Sms, Email]);
    world.requirement.backups = BTreeSet::from([Email]);
    assert_eq!(offered(&world.start(Purpose::SignIn).1.unwrap()), vec![App, Email, Printed]);
    let sign_in = world.begin();
    assert_eq!(world.request(sign_in, Method::Sms), Err(SecondStepError::MethodNotOffered));
}

#[test]
fn an_old_console_is_offered_what_it_can_show() {
    let (mut world, _) = World::enrolled(&[Email, Sms]);
    world.client = old_console();
    assert_eq!(offered(&world.start(Purpose::SignIn).1.unwrap()), vec![Sms, Printed]);
}

#[test]
fn a_client_that_can_show_nothing_is_refused_and_never_skips() {
    let (mut world, session) = World::enrolled(&[Email, Sms]);
    world.client.capabilities.0 = BTreeSet::from([Method::App]);
    use_up_printed_codes(&mut world, session);
    let has = BTreeSet::from([Method::Email, Method::Sms]);
    assert_eq!(world.start(Purpose::SignIn).1, Err(SecondStepError::ClientCannotVerify { has }));
}

#[test]
fn s18_the_mailbox_that_reset_the_password_is_not_the_second_step() {
    let (mut world, session) = World::enrolled(&[Email, Sms]);
    world.excluded = Some(digest("address"));
    let (sign_in, outcome) = world.start(Purpose::SignIn);
    assert_eq!(offered(&outcome.unwrap()), vec![Sms, Printed]);
    assert_eq!(world.request(sign_in, Method::Email), Err(SecondStepError::MethodNotOffered));
    let attempt = world.sent(sign_in, Method::Email, true);
    assert_eq!(world.verify(sign_in, attempt), Err(SecondStepError::MethodNotOffered));

    world.client.capabilities.0 = BTreeSet::from([Method::Email]);
    use_up_printed_codes(&mut world, session);
    assert_eq!(world.start(Purpose::SignIn).1, Err(SecondStepError::OnlyResetMailbox));
}

#[test]
fn what_can_not_be_sent_is_not_offered_and_the_reason_is_told() {
    let (mut world, session) = World::enrolled(&[Sms, Email]);
    world.requirement.texting = Texting::Impossible;
    world.requirement.primary = Method::App;
    let (sign_in, outcome) = world.start(Purpose::SignIn);
    assert_eq!(offered(&outcome.unwrap()), vec![Email, Printed]);
    assert_eq!(world.request(sign_in, Method::Sms), Err(SecondStepError::MethodNotOffered));

    world.client.capabilities.0 = BTreeSet::from([Method::Sms]);
    use_up_printed_codes(&mut world, session);
    let has = BTreeSet::from([Method::Sms, Method::Email]);
    assert_eq!(world.start(Purpose::SignIn).1, Err(SecondStepError::ClientCannotVerify { has }));
}

#[test]
fn whoever_has_nothing_but_a_number_is_told_so_where_no_texts_are_sent() {
    let (mut world, session) = World::enrolled(&[Sms, Printed]);
    use_up_printed_codes(&mut world, session);
    world.requirement.texting = Texting::Impossible;
    world.requirement.primary = Method::App;
    assert_eq!(world.start(Purpose::SignIn).1, Err(SecondStepError::OnlyTexts));
}

fn reset_by(world: &mut World, mailbox: &str) {
    world
        .run(SecondStepCommand::AuthorisePasswordChange(AuthorisePasswordChange {
            session: None,
            reset_by: Some(digest(mailbox)),
            requirement: world.requirement.clone(),
            now: world.now,
        }))
        .unwrap();
}

#[test]
fn s18_the_mailbox_that_reset_the_password_waits_out_nothing() {
    let (mut world, _) = World::enrolled(&[Email, Sms]);
    reset_by(&mut world, "address");
    world.wait(30 * 24 * 3600);
    let (sign_in, outcome) = world.start(Purpose::SignIn);
    let events = outcome.unwrap();
    assert_eq!(offered(&events), vec![Sms, Printed]);
    let SecondStepEvent::SignInStarted(started) = &events[0] else { panic!("{events:?}") };
    assert_eq!(started.excluded, Some(digest("address")));
    assert_eq!(world.request(sign_in, Method::Email), Err(SecondStepError::MethodNotOffered));
    // What the member's stream says of another mailbox doesn't let this one in.
    world.excluded = Some(digest("another address"));
    assert_eq!(offered(&world.start(Purpose::SignIn).1.unwrap()), vec![Sms, Printed]);
}

#[test]
fn s18_a_proof_by_another_method_lets_the_mailbox_count_again() {
    for kind in [Sms, Printed] {
        let (mut world, _) = World::enrolled(&[Email, Sms]);
        reset_by(&mut world, "address");
        world.wait(3600);
        let sign_in = world.begin();
        // A wrong code proves nothing.
        world.verify(sign_in, Attempt::Printed { matched: None }).unwrap();
        assert_eq!(offered(&world.start(Purpose::SignIn).1.unwrap()), vec![Sms, Printed]);
        world.request(sign_in, Method::Sms).unwrap();
        let text = world.sent(sign_in, Method::Sms, true);
        world.verify(sign_in, if kind == Sms { text } else { printed("r0") }).unwrap();
        assert_eq!(offered(&world.start(Purpose::SignIn).1.unwrap()), vec![Email, Sms, Printed]);
    }
}

#[test]
fn s18_another_mailbox_is_another_method() {
    let (mut world, _) = World::enrolled(&[Email, Sms]);
    reset_by(&mut world, "work address");
    let sign_in = world.begin();
    world.request(sign_in, Method::Email).unwrap();
    world.verify(sign_in, world.sent(sign_in, Method::Email, true)).unwrap();
    assert_eq!(world.state.reset_by(), None);
}

#[test]
fn s18_who_sets_up_after_a_reset_of_both_is_not_kept_from_the_new_address() {
    let (mut world, _) = World::enrolled(&[Email, Sms]);
    world.reset().unwrap();
    reset_by(&mut world, "address");
    world.wait(60);
    world.enrol(&[Email, Sms]);
    assert_eq!(offered(&world.start(Purpose::SignIn).1.unwrap()), vec![Email, Sms, Printed]);
}

#[test]
fn s16_a_pending_sign_in_lives_15_minutes() {
    let (mut world, _) = World::enrolled(&[App, Email]);
    let sign_in = world.begin();
    world.wait(15 * 60 - 1);
    assert!(world.state.pending(sign_in, world.now).is_some());
    world.wait(1);
    assert_eq!(world.verify(sign_in, world.app()), Err(SecondStepError::SignInOver));
    assert_eq!(world.request(sign_in, Method::Email), Err(SecondStepError::SignInOver));
}

#[test]
fn old_sign_ins_leave_nothing_behind() {
    let (mut world, _) = World::enrolled(&[App, Email]);
    let size = |world: &World| serde_json::to_vec(&world.state).unwrap().len();
    let mut most = 0;
    for _ in 0..1_000 {
        world.wait(30);
        world.sign_in();
        world.begin();
        world.log.clear();
        most = most.max(size(&world));
    }
    assert!(most < 64 * 1024, "{most} bytes");
    assert!(world.state.sessions(world.now).count() <= life::MAX_SESSIONS);
    world.wait(2 * 24 * 3600);
    world.sign_in();
    assert!(size(&world) < 3 * 1024, "{} bytes", size(&world));
}

#[test]
fn a_snapshot_reads_back_as_the_same_state() {
    let (mut world, _) = World::enrolled(&[Email, Sms, App, Printed]);
    let sign_in = world.begin();
    world.request(sign_in, Method::Sms).unwrap();
    let bytes = serde_json::to_vec(&world.state).unwrap();
    assert_eq!(serde_json::from_slice::<SecondStepState>(&bytes).unwrap(), world.state);
}

/// By replacing them with none.
fn use_up_printed_codes(world: &mut World, session: crate::SessionId) {
    let (owner, codes, now) = (SetUpOwner::Session(session), BTreeSet::new(), world.now);
    let none = IssueRecoveryCodes { owner, as_backup: false, codes, now };
    world.run(SecondStepCommand::IssueRecoveryCodes(none)).unwrap();
}

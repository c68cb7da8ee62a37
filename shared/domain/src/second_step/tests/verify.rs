//! Codes typed at a sign-in.

use std::collections::BTreeSet;

use super::world::{WRONG, World, amr, names, printed, told};
use crate::BackupKind::{App, Email, Printed, Sms};
use crate::company::Epoch;
use crate::delivery::MessageKind;
use crate::second_step::*;
use crate::{Method, TotpStep};

#[test]
fn a_right_app_code_opens_a_session_at_level_2() {
    let (mut world, _) = World::enrolled(&[App, Email]);
    let sign_in = world.begin();
    let events = world.verify(sign_in, world.app()).unwrap();
    let SecondStepEvent::SignedIn(signed_in) = &events[1] else { panic!("{events:?}") };
    assert_eq!(
        events[0],
        CodeAccepted {
            during: During::SignIn(sign_in),
            method: Method::App,
            challenge: None,
            step: Some(TotpStep::at(world.now)),
            at: world.now,
        }
        .into()
    );
    assert_eq!((signed_in.amr.clone(), signed_in.aal), (amr([Amr::Pwd, Amr::Otp, Amr::Mfa]), 2));
    assert_eq!(world.state.session(signed_in.session, world.now).unwrap().proved_at(), Some(world.now));
}

#[test]
fn s16_the_pending_sign_in_is_dead_after_its_code() {
    let (mut world, _) = World::enrolled(&[App, Email]);
    let sign_in = world.begin();
    world.verify(sign_in, world.app()).unwrap();
    world.wait(30);
    assert_eq!(world.verify(sign_in, world.app()), Err(SecondStepError::SignInOver));
}

#[test]
fn an_email_code_never_counts_for_level_2_and_a_text_does() {
    for (method, how, level) in [
        (Method::Email, amr([Amr::Pwd, Amr::Email]), 1),
        (Method::Sms, amr([Amr::Pwd, Amr::Sms, Amr::Mfa]), 2),
    ] {
        let (mut world, _) = World::enrolled(&[Email, Sms]);
        let sign_in = world.begin();
        world.request(sign_in, method).unwrap();
        let events = world.verify(sign_in, world.sent(sign_in, method, true)).unwrap();
        let SecondStepEvent::SignedIn(signed_in) = &events[1] else { panic!("{events:?}") };
        assert_eq!((signed_in.amr.clone(), signed_in.aal), (how, level));
    }
}

#[test]
fn s1_an_app_code_is_accepted_once_across_set_up_sign_in_and_step_up() {
    let mut world = World::new();
    let session = world.enrol(&[App, Email]);
    let used = TotpStep::at(world.now);
    let sign_in = world.begin();
    let next_at = world.now + chrono::TimeDelta::seconds(30);
    let again = Attempt::App { matched: Some(used) };
    let refused = Err(SecondStepError::CodeAlreadyUsed { next_at });
    assert_eq!(world.verify(sign_in, again.clone()), refused);
    assert_eq!(world.state.failures().count(), 0);

    // The app's next code is within the window already.
    let next = Attempt::App { matched: Some(TotpStep(used.0 + 1)) };
    world.verify(sign_in, next.clone()).unwrap();
    let (step_up, started) = world.start(Purpose::StepUp(session));
    started.unwrap();
    assert!(matches!(world.verify(step_up, next), Err(SecondStepError::CodeAlreadyUsed { .. })));
    // An earlier one than the last is used up as well.
    assert!(matches!(world.verify(step_up, again), Err(SecondStepError::CodeAlreadyUsed { .. })));
}

#[test]
fn s1_a_late_used_code_does_not_make_people_wait() {
    let mut world = World::new();
    world.enrol(&[App, Email]);
    let used = TotpStep::at(world.now);
    world.wait(45);
    let sign_in = world.begin();
    let refused = Err(SecondStepError::CodeAlreadyUsed { next_at: world.now });
    assert_eq!(world.verify(sign_in, Attempt::App { matched: Some(used) }), refused);
}

#[test]
fn a_wrong_code_is_an_event_and_no_error() {
    let (mut world, _) = World::enrolled(&[App, Email]);
    let sign_in = world.begin();
    let rejected = CodeRejected {
        during: During::SignIn(sign_in),
        method: App,
        challenge: None,
        failures: 1,
        typed: Typed::Code,
        at: world.now,
    };
    assert_eq!(world.verify(sign_in, WRONG), Ok(vec![rejected.into()]));
}

#[test]
fn s4_the_sixth_try_at_a_sent_code_is_wrong_even_when_it_is_right() {
    let (mut world, _) = World::enrolled(&[Email, Sms]);
    let sign_in = world.begin();
    world.request(sign_in, Method::Sms).unwrap();
    for _ in 0..5 {
        world.now = world.state.retry_at(world.now).unwrap_or(world.now);
        world.verify(sign_in, world.sent(sign_in, Method::Sms, false)).unwrap();
    }
    assert!(world.state.live_challenge(During::SignIn(sign_in), Method::Sms, world.now).is_none());
    world.now = world.state.retry_at(world.now).unwrap();
    let events = world.verify(sign_in, world.sent(sign_in, Method::Sms, true)).unwrap();
    assert_eq!(names(&events), ["CodeRejected"]);
    assert_eq!(world.state.failures().count(), 6);
}

#[test]
fn s4_a_right_code_that_comes_too_late_is_refused_uncounted_and_a_wrong_one_counts() {
    let (mut world, _) = World::enrolled(&[Email, Sms]);
    let sign_in = world.begin();
    world.request(sign_in, Method::Sms).unwrap();
    world.wait(300);
    let right = world.sent(sign_in, Method::Sms, true);
    assert_eq!(world.verify(sign_in, right), Err(SecondStepError::CodeExpired));
    assert_eq!(world.state.failures().count(), 0);
    let wrong = world.sent(sign_in, Method::Sms, false);
    assert_eq!(names(&world.verify(sign_in, wrong).unwrap()), ["CodeRejected"]);
}

#[test]
fn a_code_that_nobody_asked_for_is_wrong_and_counts() {
    let (mut world, _) = World::enrolled(&[Email, Sms]);
    let sign_in = world.begin();
    let attempt = Attempt::Sent { method: Method::Sms, challenge: None, matches: false };
    assert_eq!(names(&world.verify(sign_in, attempt).unwrap()), ["CodeRejected"]);
}

#[test]
fn s6_a_code_answers_only_the_sign_in_that_asked_for_it() {
    let (mut world, _) = World::enrolled(&[Email, Sms]);
    let (mine, other) = (world.begin(), world.begin());
    world.request(mine, Method::Sms).unwrap();
    let attempt = world.sent(mine, Method::Sms, true);
    assert_eq!(names(&world.verify(other, attempt).unwrap()), ["CodeRejected"]);
}

#[test]
fn s7_a_sent_code_is_used_up_by_its_acceptance() {
    let (mut world, _) = World::enrolled(&[Email, Sms]);
    let sign_in = world.begin();
    world.request(sign_in, Method::Sms).unwrap();
    let attempt = world.sent(sign_in, Method::Sms, true);
    world.verify(sign_in, attempt.clone()).unwrap();
    assert_eq!(world.verify(sign_in, attempt), Err(SecondStepError::SignInOver));
}

#[test]
fn s9_a_printed_code_signs_in_once_and_the_owner_is_told() {
    let (mut world, _) = World::enrolled(&[App, Email]);
    let sign_in = world.begin();
    let events = world.verify(sign_in, printed("r3")).unwrap();
    let SecondStepEvent::SignedIn(signed_in) = &events[2] else { panic!("{events:?}") };
    assert_eq!((signed_in.amr.clone(), signed_in.aal), (amr([Amr::Pwd, Amr::Recovery, Amr::Mfa]), 2));
    assert_eq!(
        events[..2],
        [
            RecoveryCodeAccepted {
                during: During::SignIn(sign_in),
                code: super::world::digest("r3"),
                remaining: 9,
                at: world.now,
            }
            .into(),
            told(MessageKind::RecoveryCodeUsed),
        ]
    );
    let sign_in = world.begin();
    assert_eq!(names(&world.verify(sign_in, printed("r3")).unwrap()), ["CodeRejected"]);
}

#[test]
fn who_lacks_the_new_primary_sets_it_up_after_a_right_code_and_keeps_the_rest() {
    let (mut world, _) = World::enrolled(&[App, Email]);
    world.requirement.primary = Method::Sms;
    let sign_in = world.begin();
    let events = world.verify(sign_in, world.app()).unwrap();
    assert_eq!(names(&events), ["CodeAccepted", "SetUpRequired"]);
    let owner = SetUpOwner::SignIn(sign_in);
    world.set_up(owner, &[App]).unwrap();
    world.prove_contact(owner, Method::Sms, "number");
    let events = world.activate(owner).unwrap();
    // The address was there, and wasn't kept.
    assert_eq!(events[0], MethodRemoved { method: Email }.into());
    let SecondStepEvent::MfaActivated(activated) = &events[1] else { panic!("{events:?}") };
    assert_eq!((activated.primary, activated.backup), (Method::Sms, App));
    let methods = &world.state.enrolment().unwrap().methods;
    assert_eq!(methods.held(), BTreeSet::from([App, Sms, Printed]));
    // The app's used codes stay used.
    assert_eq!(methods.app.as_ref().unwrap().last_step, TotpStep::at(world.now));
}

#[test]
fn the_newer_judgement_decides_when_the_policy_changes_behind_an_open_dialog() {
    let (mut world, _) = World::enrolled(&[App, Email]);
    let (covered, uncovered) = (world.begin(), world.begin());
    world.requirement.required_epoch = Epoch(2);
    assert_eq!(names(&world.verify(covered, world.app()).unwrap()), ["SetUpRequired"]);
    world.requirement.judgement.reasons.clear();
    let events = world.verify(uncovered, WRONG).unwrap();
    assert_eq!(names(&events), ["SecondStepNotRequired", "SignedIn"]);
}

#[test]
fn s12_a_sign_in_that_must_set_up_takes_no_code() {
    let mut world = World::new();
    let sign_in = world.begin();
    for attempt in [world.app(), printed("p1"), world.sent(sign_in, Method::Sms, true)] {
        assert_eq!(world.verify(sign_in, attempt), Err(SecondStepError::NotAtThisStep));
    }
    let unknown = crate::SignInId(world.id());
    assert_eq!(world.verify(unknown, world.app()), Err(SecondStepError::SignInOver));
}

#[test]
fn a_method_that_is_not_set_up_is_refused_and_not_counted() {
    let (mut world, _) = World::enrolled(&[App, Email]);
    let sign_in = world.begin();
    let attempt = Attempt::Sent { method: Method::Sms, challenge: None, matches: true };
    assert_eq!(world.verify(sign_in, attempt), Err(SecondStepError::MethodNotOffered));
}

#[test]
fn s18_a_sign_in_that_proved_an_old_method_changes_what_is_set_up_for_five_minutes() {
    let (mut world, _) = World::enrolled(&[App, Email]);
    world.requirement.primary = Method::Sms;
    let sign_in = world.begin();
    world.wait(60);
    world.verify(sign_in, world.app()).unwrap();
    let owner = SetUpOwner::SignIn(sign_in);
    world.wait(299);
    world.set_up(owner, &[App]).unwrap();
    world.wait(1);
    // Nor does starting again stretch it.
    assert_eq!(world.set_up(owner, &[App]), Err(SecondStepError::StepUpRequired));
    world.prove(owner, &[Sms]);
    world.wait(15 * 60 - 2);
    assert!(world.state.set_up(owner, world.now).is_some());
    world.wait(1);
    assert_eq!(world.activate(owner), Err(SecondStepError::SetUpOver));
}

//! What holds whatever people and attackers do, in whatever order.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;

use super::any_event::{any_event, id};
use super::play::{Play, act};
use super::world::{World, digest};
use crate::samples::snapshot;
use crate::second_step::*;
use crate::{Aggregate, BackupKind, Method, PairingId, SessionId, SignInId, Time, TotpStep};

/// No more than twenty wrong guesses are looked at before a success or an unlocking, whatever the schedule.
fn guesses_are_bounded(log: &[SecondStepEvent]) {
    let mut wrong = 0;
    for event in log {
        match event {
            SecondStepEvent::CodeRejected(rejected) => {
                wrong += 1;
                assert_eq!(rejected.failures, wrong);
            }
            SecondStepEvent::CodeAccepted(_)
            | SecondStepEvent::RecoveryCodeAccepted(_)
            | SecondStepEvent::SecondStepUnlocked(_) => wrong = 0,
            _ => {}
        }
        assert!(wrong <= 20);
    }
}

/// A step of a pairing is accepted once, in the set-up and ever after.
fn steps_are_accepted_once(log: &[SecondStepEvent]) {
    let mut accepted: BTreeMap<PairingId, TotpStep> = BTreeMap::new();
    let mut state = SecondStepState::default();
    for event in log {
        let used = match event {
            SecondStepEvent::AuthenticatorPaired(paired) => Some((paired.pairing, paired.step)),
            SecondStepEvent::CodeAccepted(CodeAccepted { step: Some(step), .. }) => {
                state.app_pairing().map(|(pairing, _)| (pairing, *step))
            }
            _ => None,
        };
        if let Some((pairing, step)) = used
            && let Some(before) = accepted.insert(pairing, step)
        {
            assert!(before < step);
        }
        state = SecondStep::evolve(state, event);
    }
}

/// A challenge or a printed code is accepted once.
fn codes_are_used_once(log: &[SecondStepEvent]) {
    let mut challenges = BTreeSet::new();
    let mut printed = BTreeSet::new();
    for event in log {
        match event {
            SecondStepEvent::CodeAccepted(CodeAccepted { challenge: Some(challenge), .. }) => {
                assert!(challenges.insert(*challenge));
            }
            SecondStepEvent::RecoveryCodeAccepted(accepted) => assert!(printed.insert(accepted.code.clone())),
            SecondStepEvent::RecoveryCodesIssued(_) => printed.clear(),
            _ => {}
        }
    }
}

/// A sign-in opens a session only after its password, and after the step that it was told.
fn sessions_follow_their_steps(log: &[SecondStepEvent]) {
    let mut open: BTreeMap<SignInId, &str> = BTreeMap::new();
    for event in log {
        match event {
            SecondStepEvent::SignInStarted(e) => drop(open.insert(e.sign_in, "started")),
            SecondStepEvent::SecondStepNotRequired(e) => drop(open.insert(e.sign_in, "done")),
            SecondStepEvent::ChallengeIssued(e) => drop(open.insert(e.sign_in, "challenged")),
            SecondStepEvent::SetUpRequired(e) => drop(open.insert(e.sign_in, "to set up")),
            SecondStepEvent::CodeAccepted(CodeAccepted { during: During::SignIn(sign_in), .. })
            | SecondStepEvent::RecoveryCodeAccepted(RecoveryCodeAccepted {
                during: During::SignIn(sign_in),
                ..
            }) => assert_eq!(open.insert(*sign_in, "done"), Some("challenged")),
            SecondStepEvent::MfaActivated(_) => {
                open.values_mut().filter(|stage| **stage == "to set up").for_each(|stage| *stage = "done");
            }
            SecondStepEvent::SignedIn(e) => assert_eq!(open.remove(&e.sign_in), Some("done")),
            SecondStepEvent::SteppedUp(e) => assert_eq!(open.remove(&e.sign_in), Some("done")),
            _ => {}
        }
    }
}

/// At most one code per method can be accepted in a sign-in or set-up, and it is the one sent last.
fn one_code_lives_per_method(play: &Play) {
    let mut last: BTreeMap<(During, Method), &Dispatch> = BTreeMap::new();
    for event in &play.world.log {
        let (during, dispatch) = match event {
            SecondStepEvent::CodeRequested(e) => (e.during, &e.dispatch),
            SecondStepEvent::CodeResent(e) => {
                assert_eq!(last.get(&(e.during, e.dispatch.method)), Some(&&e.dispatch));
                continue;
            }
            SecondStepEvent::EmailVerificationRequested(e) => (During::SetUp(e.set_up), &e.dispatch),
            SecondStepEvent::PhoneVerificationRequested(e) => (During::SetUp(e.set_up), &e.dispatch),
            _ => continue,
        };
        last.insert((during, dispatch.method), dispatch);
    }
    for ((during, method), dispatch) in last {
        let live = play.world.state.live_challenge(during, method, play.world.now);
        assert!(live.is_none_or(|live| live == dispatch));
    }
}

/// A session lives until it is ended, idle for an hour or a day old: nothing else takes it away.
fn sessions_end_for_a_reason(play: &Play) {
    let mut live: BTreeMap<SessionId, (Time, Time)> = BTreeMap::new();
    for event in &play.world.log {
        match event {
            SecondStepEvent::SignedIn(e) => drop(live.insert(e.session, (e.at, e.expires_at))),
            SecondStepEvent::SteppedUp(SteppedUp { session, at, .. })
            | SecondStepEvent::SessionSeen(SessionSeen { session, at }) => {
                live.entry(*session).and_modify(|(seen, _)| *seen = (*seen).max(*at));
            }
            SecondStepEvent::SessionEnded(e) => drop(live.remove(&e.session)),
            SecondStepEvent::PasswordChangeAuthorised(e) => live.retain(|id, _| Some(*id) == e.session),
            SecondStepEvent::MfaResetForced(_) => live.clear(),
            _ => {}
        }
    }
    let now = play.world.now;
    live.retain(|_, (seen, expires_at)| now < *expires_at && now - *seen < life::IDLE);
    let found: BTreeSet<SessionId> = play.world.state.sessions(now).map(|session| session.id).collect();
    assert_eq!(found, live.into_keys().collect());
}

/// What read models count by is what decisions are made of.
fn the_outline_agrees(play: &Play) {
    let mut outline = Outline::default();
    play.world.log.iter().for_each(|event| outline.apply(event));
    let outlined = outline.enrolled().map(|it| (it.epoch, it.company, it.methods.clone()));
    let decided = play.world.state.enrolment().map(|it| {
        let methods = it.methods.held().into_iter().filter_map(BackupKind::method).collect();
        (it.epoch, it.company, methods)
    });
    assert_eq!(outlined, decided);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, ..ProptestConfig::default() })]

    #[test]
    fn s20_the_rules_hold_for_every_schedule(
        enrolled in any::<bool>(),
        acts in proptest::collection::vec(act(), 1..150),
    ) {
        let mut play = Play::new(enrolled);
        for act in acts {
            play.act(act);
            assert_eq!(snapshot::<SecondStep>(&play.world.state), play.world.state);
            the_outline_agrees(&play);
            sessions_end_for_a_reason(&play);
        }
        let log = &play.world.log;
        assert_eq!(SecondStep::fold(log), play.world.state);
        guesses_are_bounded(log);
        steps_are_accepted_once(log);
        codes_are_used_once(log);
        sessions_follow_their_steps(log);
        one_code_lives_per_method(&play);
        prop_assert!(serde_json::to_vec(&play.world.state).unwrap().len() < 64 * 1024);
    }

    #[test]
    fn s11_of_any_number_of_guesses_over_many_sign_ins_twenty_are_looked_at(
        waits in proptest::collection::vec(0_i64..2000, 50..100),
    ) {
        let (mut world, _) = World::enrolled(&[BackupKind::App, BackupKind::Sms]);
        let looked_at: usize = waits
            .into_iter()
            .map(|seconds| {
                world.wait(seconds);
                let sign_in = world.begin();
                (0..5).filter(|_| world.verify(sign_in, super::world::WRONG).is_ok()).count()
            })
            .sum();
        prop_assert!(looked_at <= 20);
    }

    #[test]
    fn no_sequence_of_events_breaks_the_fold(events in proptest::collection::vec(any_event(), 0..80)) {
        let state = SecondStep::fold(&events);
        prop_assert_eq!(&snapshot::<SecondStep>(&state), &state);
        let now = Time::MAX_UTC;
        let _ = state.judge_session(SessionId(id(1)), &World::new().requirement, now);
        let _ = (state.retry_at(now), state.next_send_at(&digest("1"), now), state.contacts());
        prop_assert!(serde_json::to_vec(&state).unwrap().len() < 256 * 1024);
    }
}

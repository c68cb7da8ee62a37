//! Whatever people and attackers do, in whatever order.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;

use super::any_event::{any_event, id, method};
use super::world::{World, all_kinds, digest, old_console, printed, web};
use crate::company::Epoch;
use crate::samples::snapshot;
use crate::second_step::*;
use crate::{Aggregate, BackupKind, Method, PairingId, SessionId, SignInId, Time, TotpStep};

/// Something that somebody does. Indexes choose among what exists, and are taken modulo its number.
#[derive(Clone, Debug)]
enum Act {
    Wait(i64),
    SignIn { console: bool },
    StepUp(usize),
    Send(usize, Method),
    App(usize, Option<i8>),
    Sent(usize, Method, bool),
    Printed(usize, Option<u8>),
    SetUp(usize, BTreeSet<BackupKind>),
    WholeSetUp(usize),
    Pair(usize),
    ConfirmApp(usize, Option<i8>),
    Ask(usize, Method, u8),
    ConfirmContact(usize, Method, bool),
    Link(usize, u8),
    Print(usize, bool),
    Activate(usize),
    TurnOff(usize),
    Reset,
    Unlock,
    Touch(usize),
    End(usize),
    ChangePassword(Option<usize>),
    Policy { covered: bool, primary: Method, reset: bool, turned_off: bool },
}

fn kinds() -> impl Strategy<Value = BTreeSet<BackupKind>> {
    proptest::sample::subsequence(all_kinds().into_iter().collect::<Vec<_>>(), 0..=4)
        .prop_map(BTreeSet::from_iter)
}

fn act() -> impl Strategy<Value = Act> {
    // Mostly the latest, so that something comes of it.
    let who = || prop_oneof![4 => 0_usize..2, 1 => 2_usize..8];
    let step = || proptest::option::weighted(0.6, -1_i8..=1);
    prop_oneof![
        40 => prop_oneof![6 => 0_i64..40, 2 => 0_i64..1000, 1 => Just(3600)].prop_map(Act::Wait),
        40 => any::<bool>().prop_map(|console| Act::SignIn { console }),
        20 => who().prop_map(Act::StepUp),
        20 => (who(), method()).prop_map(|(who, method)| Act::Send(who, method)),
        60 => (who(), step()).prop_map(|(who, step)| Act::App(who, step)),
        30 => (who(), method(), any::<bool>()).prop_map(|(who, method, right)| Act::Sent(who, method, right)),
        10 => (who(), proptest::option::of(0_u8..12)).prop_map(|(who, code)| Act::Printed(who, code)),
        20 => who().prop_map(Act::WholeSetUp),
        20 => (who(), kinds()).prop_map(|(who, keeps)| Act::SetUp(who, keeps)),
        20 => who().prop_map(Act::Pair),
        20 => (who(), step()).prop_map(|(who, step)| Act::ConfirmApp(who, step)),
        20 => (who(), method(), 0_u8..3).prop_map(|(who, method, to)| Act::Ask(who, method, to)),
        20 => (who(), method(), any::<bool>()).prop_map(|(who, method, right)| Act::ConfirmContact(who, method, right)),
        10 => (who(), 0_u8..4).prop_map(|(who, device)| Act::Link(who, device)),
        10 => (who(), any::<bool>()).prop_map(|(who, backup)| Act::Print(who, backup)),
        20 => who().prop_map(Act::Activate),
        2 => who().prop_map(Act::TurnOff),
        1 => Just(Act::Reset),
        2 => Just(Act::Unlock),
        5 => who().prop_map(Act::Touch),
        5 => who().prop_map(Act::End),
        4 => proptest::option::weighted(0.8, who()).prop_map(Act::ChangePassword),
        4 => (proptest::bool::weighted(0.8), method(), any::<bool>(), proptest::bool::weighted(0.2))
            .prop_map(|(covered, primary, reset, turned_off)| Act::Policy { covered, primary, reset, turned_off }),
    ]
}

/// The world, with what was begun in it.
struct Play {
    world: World,
    sign_ins: Vec<SignInId>,
    sessions: Vec<SessionId>,
    pairings: Vec<PairingId>,
}

impl Play {
    fn new(enrolled: bool) -> Self {
        let mut world = World::new();
        let mut sessions = Vec::new();
        if enrolled {
            sessions.push(world.enrol(&[BackupKind::App, BackupKind::Sms, BackupKind::Email]));
        }
        Self { world, sign_ins: Vec::new(), sessions, pairings: Vec::new() }
    }

    fn sign_in(&self, which: usize) -> SignInId {
        nth_last(&self.sign_ins, which).unwrap_or(SignInId(uuid::Uuid::nil()))
    }

    fn session(&self, which: usize) -> SessionId {
        nth_last(&self.sessions, which).unwrap_or(SessionId(uuid::Uuid::nil()))
    }

    fn owner(&self, which: usize) -> SetUpOwner {
        if which.is_multiple_of(2) {
            SetUpOwner::SignIn(self.sign_in(which / 2))
        } else {
            SetUpOwner::Session(self.session(which / 2))
        }
    }

    fn step(&self, offset: Option<i8>) -> Option<TotpStep> {
        offset.map(|offset| TotpStep(TotpStep::at(self.world.now).0.saturating_add_signed(offset.into())))
    }

    /// Does it; refusals are part of life.
    fn act(&mut self, act: Act) {
        let before = self.world.log.len();
        match act {
            Act::Wait(seconds) => self.world.wait(seconds),
            Act::SignIn { console } => {
                self.world.client = if console { old_console() } else { web() };
                let (sign_in, _) = self.world.start(Purpose::SignIn);
                self.sign_ins.push(sign_in);
            }
            Act::StepUp(who) => {
                let (sign_in, _) = self.world.start(Purpose::StepUp(self.session(who)));
                self.sign_ins.push(sign_in);
            }
            Act::Send(who, method) => drop(self.world.request(self.sign_in(who), method)),
            Act::App(who, offset) => {
                let matched = self.step(offset);
                drop(self.world.verify(self.sign_in(who), Attempt::App { matched }));
            }
            Act::Sent(who, method, right) => {
                let attempt = self.world.sent(self.sign_in(who), method, right);
                drop(self.world.verify(self.sign_in(who), attempt));
            }
            Act::Printed(who, code) => {
                let attempt = match code {
                    Some(code) => printed(&format!("r{code}")),
                    None => Attempt::Printed { matched: None },
                };
                drop(self.world.verify(self.sign_in(who), attempt));
            }
            Act::SetUp(who, keeps) => {
                drop(self.world.set_up(self.owner(who), &keeps.into_iter().collect::<Vec<_>>()));
            }
            Act::WholeSetUp(who) => self.whole_set_up(self.owner(who)),
            Act::Pair(who) => self.pairings.extend(self.world.pair(self.owner(who))),
            Act::ConfirmApp(who, offset) => {
                if let Some(pairing) = nth_last(&self.pairings, 0) {
                    let matched = self.step(offset);
                    drop(self.world.confirm_app(self.owner(who), pairing, matched));
                }
            }
            Act::Ask(who, method, to) => drop(self.world.ask(self.owner(who), method, &format!("to {to}"))),
            Act::ConfirmContact(who, method, right) => {
                drop(self.world.confirm_contact(self.owner(who), method, right));
            }
            Act::Link(who, device) => self.link(who, device),
            Act::Print(who, as_backup) => drop(self.world.print(self.owner(who), as_backup, "r")),
            Act::Activate(who) => drop(self.world.activate(self.owner(who))),
            Act::TurnOff(who) => drop(self.world.turn_off(self.session(who))),
            Act::Reset => drop(self.world.reset()),
            Act::Unlock => drop(self.world.unlock()),
            Act::Touch(who) => {
                let command = TouchSession { session: self.session(who), now: self.world.now };
                drop(self.world.run(SecondStepCommand::TouchSession(command)));
            }
            Act::End(who) => {
                let (session, because) = (self.session(who), EndReason::Revoked);
                let command = EndSession { session, because, now: self.world.now };
                drop(self.world.run(SecondStepCommand::EndSession(command)));
            }
            Act::ChangePassword(who) => {
                drop(self.world.change_password(who.map(|who| self.session(who))));
            }
            Act::Policy { covered, primary, reset, turned_off } => {
                let requirement = &mut self.world.requirement;
                requirement.judgement.reasons =
                    if covered { vec![crate::Reason::Administrators] } else { vec![] };
                requirement.judgement.company += 1;
                requirement.primary = primary;
                // A mass reset, or its undoing.
                requirement.required_epoch = Epoch(if reset { 2 } else { 1 });
                if turned_off {
                    requirement.turned_off = Some(requirement.judgement.company);
                }
            }
        }
        for event in &self.world.log[before..] {
            if let SecondStepEvent::SignedIn(signed_in) = event {
                self.sessions.push(signed_in.session);
            }
        }
    }

    /// As far as it goes.
    fn whole_set_up(&mut self, owner: SetUpOwner) {
        drop(self.world.set_up(owner, &[]));
        if let Ok(pairing) = self.world.pair(owner) {
            self.pairings.push(pairing);
            drop(self.world.confirm_app(owner, pairing, self.step(Some(0))));
        }
        for (method, to) in [(Method::Sms, "number"), (Method::Email, "address")] {
            drop(self.world.ask(owner, method, to));
            drop(self.world.confirm_contact(owner, method, true));
        }
        drop(self.world.activate(owner));
    }

    fn link(&mut self, who: usize, device: u8) {
        let owner = self.owner(who);
        let Some(set_up) = self.world.state.set_up(owner, self.world.now) else { return };
        let Some(challenge) = set_up.email.as_ref().map(ContactStep::challenge_id) else { return };
        let device = match device {
            0 => Device::Same(owner),
            1 => Device::Other,
            more => Device::OtherWithCode { matches: more == 2 },
        };
        drop(self.world.open_link(challenge, device));
    }
}

fn nth_last<T: Copy>(list: &[T], which: usize) -> Option<T> {
    let back = which.checked_rem(list.len())?;
    list.iter().rev().nth(back).copied()
}

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

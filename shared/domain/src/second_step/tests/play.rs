//! What people and attackers do, in whatever order: acts drawn at random, and the world that they are played in.

use std::collections::BTreeSet;

use proptest::prelude::*;

use super::any_event::method;
use super::world::{World, all_kinds, old_console, printed, web};
use crate::company::Epoch;
use crate::second_step::*;
use crate::{BackupKind, Method, PairingId, SessionId, SignInId, TotpStep};

/// Something that somebody does. Indexes choose among what exists, and are taken modulo its number.
#[derive(Clone, Debug)]
pub(super) enum Act {
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
    Late(i64, Box<Act>),
    ChangePassword(Option<usize>),
    Policy { covered: bool, primary: Method, reset: bool, turned_off: bool },
}

fn kinds() -> impl Strategy<Value = BTreeSet<BackupKind>> {
    proptest::sample::subsequence(all_kinds().into_iter().collect::<Vec<_>>(), 0..=4)
        .prop_map(BTreeSet::from_iter)
}

pub(super) fn act() -> impl Strategy<Value = Act> {
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
        10 => (1_i64..40, late()).prop_map(|(seconds, act)| Act::Late(seconds, Box::new(act))),
        4 => proptest::option::weighted(0.8, who()).prop_map(Act::ChangePassword),
        4 => (proptest::bool::weighted(0.8), method(), any::<bool>(), proptest::bool::weighted(0.2))
            .prop_map(|(covered, primary, reset, turned_off)| Act::Policy { covered, primary, reset, turned_off }),
    ]
}

/// What is decided so many seconds late: others were faster on the way.
fn late() -> impl Strategy<Value = Act> {
    let who = || 0_usize..8;
    prop_oneof![
        8 => who().prop_map(Act::Touch),
        2 => who().prop_map(Act::End),
        1 => who().prop_map(Act::TurnOff),
    ]
}

/// The world, with what was begun in it.
pub(super) struct Play {
    pub(super) world: World,
    pub(super) sign_ins: Vec<SignInId>,
    pub(super) sessions: Vec<SessionId>,
    pub(super) pairings: Vec<PairingId>,
}

impl Play {
    pub(super) fn new(enrolled: bool) -> Self {
        let mut world = World::new();
        let mut sessions = Vec::new();
        if enrolled {
            sessions.push(world.enrol(&[BackupKind::App, BackupKind::Sms, BackupKind::Email]));
        }
        Self { world, sign_ins: Vec::new(), sessions, pairings: Vec::new() }
    }

    pub(super) fn sign_in(&self, which: usize) -> SignInId {
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
    pub(super) fn act(&mut self, act: Act) {
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
            Act::Late(seconds, act) => {
                self.world.wait(-seconds);
                self.act(*act);
                self.world.wait(seconds);
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
    pub(super) fn whole_set_up(&mut self, owner: SetUpOwner) {
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

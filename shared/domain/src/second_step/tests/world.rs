//! A person, their clock and their company's policy.

use std::collections::BTreeSet;

use chrono::TimeDelta;
use uuid::Uuid;

use crate::company::{Epoch, Texting};
use crate::delivery::MessageKind;
use crate::notice::{Audience, NoticeRequested};
use crate::second_step::*;
use crate::{
    Aggregate, BackupKind, Capabilities, ChallengeId, Client, ClientKind, Digest, Event as _, KeyPeriod,
    Method, PairingId, Reason, Sealed, SessionId, SetUpId, SignInId, Time, TotpStep,
};

pub(super) type Outcome = Result<Vec<SecondStepEvent>, SecondStepError>;

pub(super) struct World {
    pub(super) state: SecondStepState,
    pub(super) log: Vec<SecondStepEvent>,
    pub(super) now: Time,
    pub(super) requirement: Requirement,
    pub(super) client: Client,
    pub(super) excluded: Option<Digest>,
    pub(super) life_seconds: u16,
    ids: u128,
}

impl World {
    /// A person whom the policy covers: app, with every backup.
    pub(super) fn new() -> Self {
        Self {
            state: SecondStepState::default(),
            log: Vec::new(),
            now: "2026-11-24T09:00:00Z".parse().unwrap(),
            requirement: Requirement {
                judgement: Judgement {
                    reasons: vec![Reason::Administrators],
                    company: 7,
                    member: 3,
                    groups: vec![],
                },
                primary: Method::App,
                backups: all_kinds(),
                required_epoch: Epoch(1),
                turned_off: None,
                long_password: true,
                work_address_first: None,
                texting: Texting::Possible,
            },
            client: web(),
            excluded: None,
            life_seconds: 300,
            ids: 0,
        }
    }

    pub(super) fn uncovered() -> Self {
        let mut world = Self::new();
        world.requirement.judgement.reasons.clear();
        world
    }

    /// Set up with `kinds`, the first as primary, and signed in; a minute has passed since.
    pub(super) fn enrolled(kinds: &[BackupKind]) -> (Self, SessionId) {
        let mut world = Self::new();
        world.requirement.primary = kinds[0].method().unwrap();
        let session = world.enrol(kinds);
        world.wait(60);
        (world, session)
    }

    pub(super) fn enrol(&mut self, kinds: &[BackupKind]) -> SessionId {
        let owner = SetUpOwner::SignIn(self.begin());
        self.set_up(owner, &[]).unwrap();
        self.prove(owner, kinds);
        session_of(&self.activate(owner).unwrap())
    }

    /// Proves `kinds` in the owner's set-up.
    pub(super) fn prove(&mut self, owner: SetUpOwner, kinds: &[BackupKind]) {
        for kind in kinds {
            match kind {
                BackupKind::App => {
                    let pairing = self.pair(owner).unwrap();
                    self.confirm_app(owner, pairing, Some(TotpStep::at(self.now))).unwrap();
                }
                BackupKind::Sms => self.prove_contact(owner, Method::Sms, "number"),
                BackupKind::Email => self.prove_contact(owner, Method::Email, "address"),
                BackupKind::Printed => drop(self.print(owner, true, "p").unwrap()),
            }
        }
    }

    pub(super) fn prove_contact(&mut self, owner: SetUpOwner, method: Method, to: &str) {
        self.ask(owner, method, to).unwrap();
        self.confirm_contact(owner, method, true).unwrap();
    }

    pub(super) fn wait(&mut self, seconds: i64) {
        self.now += TimeDelta::seconds(seconds);
    }

    pub(super) fn run(&mut self, command: SecondStepCommand) -> Outcome {
        let events = SecondStep::decide(&self.state, command)?;
        for event in &events {
            let stored =
                SecondStepEvent::decode(event.type_name(), event.version(), &event.encode()).unwrap();
            assert_eq!(stored, *event);
            self.state = SecondStep::evolve(std::mem::take(&mut self.state), &stored);
            self.log.push(stored);
        }
        Ok(events)
    }

    pub(super) fn id(&mut self) -> Uuid {
        self.ids += 1;
        Uuid::from_u128(self.ids)
    }

    pub(super) fn new_session(&mut self) -> NewSession {
        let id = self.id();
        NewSession { id: SessionId(id), token: digest(&format!("token of {id}")) }
    }

    pub(super) fn start(&mut self, purpose: Purpose) -> (SignInId, Outcome) {
        let sign_in = SignInId(self.id());
        let session = self.new_session();
        let outcome = self.run(SecondStepCommand::StartSignIn(StartSignIn {
            sign_in,
            purpose,
            token: digest("bearer"),
            client: self.client.clone(),
            excluded: self.excluded.clone(),
            password: 3,
            session,
            requirement: self.requirement.clone(),
            now: self.now,
        }));
        (sign_in, outcome)
    }

    pub(super) fn begin(&mut self) -> SignInId {
        let (sign_in, outcome) = self.start(Purpose::SignIn);
        outcome.unwrap();
        sign_in
    }

    pub(super) fn verify(&mut self, sign_in: SignInId, attempt: Attempt) -> Outcome {
        let session = self.new_session();
        self.run(SecondStepCommand::Verify(Verify {
            sign_in,
            attempt,
            session,
            requirement: self.requirement.clone(),
            now: self.now,
        }))
    }

    /// The app's code of now.
    pub(super) fn app(&self) -> Attempt {
        Attempt::App { matched: Some(TotpStep::at(self.now)) }
    }

    pub(super) fn sent(&self, sign_in: SignInId, method: Method, matches: bool) -> Attempt {
        let latest = self.state.latest_challenge(During::SignIn(sign_in), method);
        Attempt::Sent { method, challenge: latest.map(|latest| latest.dispatch.challenge), matches }
    }

    /// A whole sign-in with the app.
    pub(super) fn sign_in(&mut self) -> SessionId {
        let sign_in = self.begin();
        session_of(&self.verify(sign_in, self.app()).unwrap())
    }

    /// A step-up with the app; waits for a fresh code first.
    pub(super) fn step_up(&mut self, session: SessionId) {
        self.wait(30);
        let (step_up, started) = self.start(Purpose::StepUp(session));
        started.unwrap();
        self.verify(step_up, self.app()).unwrap();
    }

    pub(super) fn request(&mut self, sign_in: SignInId, method: Method) -> Outcome {
        let challenge = ChallengeId(self.id());
        self.run(SecondStepCommand::RequestCode(RequestCode {
            sign_in,
            method,
            challenge,
            key: KeyPeriod::day(self.now),
            life_seconds: self.life_seconds,
            requirement: self.requirement.clone(),
            now: self.now,
        }))
    }

    pub(super) fn set_up(&mut self, owner: SetUpOwner, keeps: &[BackupKind]) -> Outcome {
        let set_up = SetUpId(self.id());
        self.run(SecondStepCommand::StartSetUp(StartSetUp {
            set_up,
            owner,
            keeps: keeps.iter().copied().collect(),
            requirement: self.requirement.clone(),
            now: self.now,
        }))
    }

    pub(super) fn pair(&mut self, owner: SetUpOwner) -> Result<PairingId, SecondStepError> {
        let pairing = PairingId(self.id());
        let seed = Sealed(format!("seed {pairing}"));
        let now = self.now;
        self.run(SecondStepCommand::PairAuthenticator(PairAuthenticator { owner, pairing, seed, now }))?;
        Ok(pairing)
    }

    pub(super) fn confirm_app(
        &mut self,
        owner: SetUpOwner,
        pairing: PairingId,
        matched: Option<TotpStep>,
    ) -> Outcome {
        let now = self.now;
        let command = ConfirmAuthenticator { owner, pairing, matched, now };
        self.run(SecondStepCommand::ConfirmAuthenticator(command))
    }

    pub(super) fn ask(&mut self, owner: SetUpOwner, method: Method, to: &str) -> Outcome {
        let challenge = ChallengeId(self.id());
        self.run(SecondStepCommand::RequestContactVerification(RequestContactVerification {
            owner,
            method,
            challenge,
            destination: Sealed(to.to_owned()),
            destination_hash: digest(to),
            key: KeyPeriod::day(self.now),
            link_key: KeyPeriod::month(self.now),
            life_seconds: 300,
            now: self.now,
        }))
    }

    pub(super) fn confirm_contact(&mut self, owner: SetUpOwner, method: Method, matches: bool) -> Outcome {
        let step = self.state.set_up(owner, self.now).and_then(|set_up| set_up.contact(method));
        let challenge = step.map(ContactStep::challenge_id);
        let now = self.now;
        let command = ConfirmContact { owner, method, challenge, matches, now };
        self.run(SecondStepCommand::ConfirmContact(command))
    }

    pub(super) fn open_link(&mut self, challenge: ChallengeId, device: Device) -> Outcome {
        let now = self.now;
        self.run(SecondStepCommand::OpenVerificationLink(OpenVerificationLink { challenge, device, now }))
    }

    pub(super) fn print(&mut self, owner: SetUpOwner, as_backup: bool, name: &str) -> Outcome {
        let (codes, now) = (ten(name), self.now);
        self.run(SecondStepCommand::IssueRecoveryCodes(IssueRecoveryCodes { owner, as_backup, codes, now }))
    }

    pub(super) fn activate(&mut self, owner: SetUpOwner) -> Outcome {
        let session = self.new_session();
        self.run(SecondStepCommand::Activate(Activate {
            owner,
            recovery_codes: ten("r"),
            session,
            requirement: self.requirement.clone(),
            now: self.now,
        }))
    }

    pub(super) fn reset(&mut self) -> Outcome {
        let reason = "lost phone".to_owned();
        self.run(SecondStepCommand::ForceReset(ForceReset { reason, now: self.now }))
    }

    pub(super) fn unlock(&mut self) -> Outcome {
        let by = Unlocker::Administrator(crate::MemberId(Uuid::from_u128(999)));
        self.run(SecondStepCommand::Unlock(Unlock { by, now: self.now }))
    }

    pub(super) fn turn_off(&mut self, session: SessionId) -> Outcome {
        let requirement = self.requirement.clone();
        self.run(SecondStepCommand::TurnOff(TurnOff { session, requirement, now: self.now }))
    }

    pub(super) fn change_password(&mut self, session: Option<SessionId>) -> Outcome {
        self.run(SecondStepCommand::AuthorisePasswordChange(AuthorisePasswordChange {
            session,
            reset_by: None,
            requirement: self.requirement.clone(),
            now: self.now,
        }))
    }

    /// `times` wrong app codes, each as soon as it is possible.
    pub(super) fn guess_wrong(&mut self, sign_in: SignInId, times: u32) {
        for _ in 0..times {
            self.now = self.state.retry_at(self.now).unwrap_or(self.now);
            self.verify(sign_in, WRONG).unwrap();
        }
    }

    pub(super) fn set_up_of(&self, owner: SetUpOwner) -> &SetUp {
        self.state.set_up(owner, self.now).unwrap()
    }
}

/// A wrong code of the app.
pub(super) const WRONG: Attempt = Attempt::App { matched: None };

pub(super) fn all_kinds() -> BTreeSet<BackupKind> {
    BTreeSet::from([BackupKind::App, BackupKind::Sms, BackupKind::Email, BackupKind::Printed])
}

pub(super) fn web() -> Client {
    Client { kind: ClientKind::Web, version: None, capabilities: Capabilities::all() }
}

/// A console that says nothing about itself: app and SMS.
pub(super) fn old_console() -> Client {
    Client { kind: ClientKind::Console, version: None, capabilities: Capabilities::default() }
}

pub(super) fn digest(text: &str) -> Digest {
    Digest(text.to_owned())
}

pub(super) fn ten(name: &str) -> BTreeSet<Digest> {
    (0..10).map(|number| digest(&format!("{name}{number}"))).collect()
}

pub(super) fn printed(code: &str) -> Attempt {
    Attempt::Printed { matched: Some(digest(code)) }
}

pub(super) fn told(kind: MessageKind) -> SecondStepEvent {
    NoticeRequested { kind, audience: Audience::Owner, also: None }.into()
}

pub(super) fn names(events: &[SecondStepEvent]) -> Vec<&'static str> {
    events.iter().map(crate::Event::type_name).collect()
}

pub(super) fn session_of(events: &[SecondStepEvent]) -> SessionId {
    let opened = events.iter().find_map(|event| match event {
        SecondStepEvent::SignedIn(signed_in) => Some(signed_in.session),
        _ => None,
    });
    opened.unwrap()
}

pub(super) fn offered(events: &[SecondStepEvent]) -> Vec<BackupKind> {
    let offered = events.iter().find_map(|event| match event {
        SecondStepEvent::ChallengeIssued(issued) => Some(issued.offered.clone()),
        _ => None,
    });
    offered.unwrap()
}

pub(super) fn amr<const N: usize>(amr: [Amr; N]) -> BTreeSet<Amr> {
    BTreeSet::from(amr)
}

impl SecondStepState {
    /// The code for `method` that can still be accepted.
    pub(super) fn live_challenge(&self, during: During, method: Method, now: Time) -> Option<&Dispatch> {
        let latest = self.latest_challenge(during, method);
        latest.filter(|challenge| challenge.is_live(now)).map(|challenge| &challenge.dispatch)
    }
}

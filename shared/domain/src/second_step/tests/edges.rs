//! Every stage that somebody can be at, with every command: what it causes there, or why it is refused.

use uuid::Uuid;

use super::world::{WRONG, World, names, printed};
use crate::company::Epoch;
use crate::second_step::*;
use crate::{BackupKind, ChallengeId, Method, PairingId, SessionId, SignInId, TotpStep};

/// By stage: `command: what it causes`, or `!why: the commands that are refused for it`. Written by hand.
const TABLE: &str = include_str!("edges.txt");

const COMMANDS: [&str; 20] = [
    "StartSignIn",
    "StartSignIn(StepUp)",
    "RequestCode",
    "Verify",
    "Verify(Printed)",
    "StartSetUp",
    "PairAuthenticator",
    "ConfirmAuthenticator",
    "RequestContactVerification",
    "ConfirmContact",
    "OpenVerificationLink",
    "IssueRecoveryCodes",
    "Activate",
    "TurnOff",
    "ForceReset",
    "RequestResets",
    "Unlock",
    "TouchSession",
    "EndSession",
    "AuthorisePasswordChange",
];

const STAGES: [&str; 15] = [
    "nobody",
    "must set up",
    "sets up",
    "has proven all",
    "must verify",
    "is locked",
    "waited too long to verify",
    "in a session",
    "in a session, proven long ago",
    "steps up",
    "edits",
    "in a session below the policy",
    "below a new epoch",
    "in a session that needs none",
    "idle too long",
];

/// Somebody at a stage, with what they hold there: commands name that.
struct Stage {
    world: World,
    sign_in: SignInId,
    session: SessionId,
    owner: SetUpOwner,
    pairing: PairingId,
}

impl Stage {
    /// Whoever holds nothing.
    fn nobody(world: World) -> Self {
        let sign_in = SignInId(Uuid::nil());
        let owner = SetUpOwner::SignIn(sign_in);
        Self { world, sign_in, session: SessionId(Uuid::nil()), owner, pairing: PairingId(Uuid::nil()) }
    }

    /// Whoever began to sign in.
    fn pending(mut world: World) -> Self {
        let sign_in = world.begin();
        Self { sign_in, owner: SetUpOwner::SignIn(sign_in), ..Self::nobody(world) }
    }

    fn within((world, session): (World, SessionId)) -> Self {
        Self { session, owner: SetUpOwner::Session(session), ..Self::nobody(world) }
    }

    /// With a set-up of their own that shows a seed and has mailed a code.
    fn setting_up(mut self) -> Self {
        self.world.set_up(self.owner, &[]).unwrap();
        self.pairing = self.world.pair(self.owner).unwrap();
        self.world.ask(self.owner, Method::Email, "address").unwrap();
        self
    }

    fn after(mut self, seconds: i64) -> Self {
        self.world.wait(seconds);
        self
    }
}

fn enrolled() -> (World, SessionId) {
    let (mut world, session) = World::enrolled(&[BackupKind::App, BackupKind::Sms]);
    // The app's next code is another one than that of the set-up.
    world.wait(30);
    (world, session)
}

/// A session of somebody whom the policy didn't ask for a second step.
fn by_password() -> (World, SessionId) {
    let mut world = World::uncovered();
    let (_, outcome) = world.start(Purpose::SignIn);
    let session = super::world::session_of(&outcome.unwrap());
    (world, session)
}

fn stage(name: &str) -> Stage {
    match name {
        "nobody" => Stage::nobody(World::new()),
        "must set up" => Stage::pending(World::new()),
        "sets up" => Stage::pending(World::new()).setting_up(),
        "has proven all" => {
            let mut stage = Stage::pending(World::new());
            stage.world.set_up(stage.owner, &[]).unwrap();
            stage.world.prove(stage.owner, &[BackupKind::App, BackupKind::Email]);
            stage.after(30)
        }
        "must verify" => Stage::pending(enrolled().0),
        "is locked" => {
            let mut world = enrolled().0;
            for _ in 0..life::LOCK_AT {
                world.now = world.state.retry_at(world.now).unwrap_or(world.now);
                let sign_in = world.begin();
                world.verify(sign_in, WRONG).unwrap();
            }
            Stage::pending(world)
        }
        "waited too long to verify" => Stage::pending(enrolled().0).after(15 * 60),
        "in a session" => Stage::within(enrolled()),
        "in a session, proven long ago" => Stage::within(enrolled()).after(11 * 60),
        "steps up" => {
            let mut stage = Stage::within(enrolled()).after(11 * 60);
            let (step_up, started) = stage.world.start(Purpose::StepUp(stage.session));
            started.unwrap();
            Stage { sign_in: step_up, ..stage }
        }
        "edits" => Stage::within(enrolled()).setting_up(),
        "in a session below the policy" => {
            let mut stage = Stage::within(by_password());
            stage.world.requirement = World::new().requirement;
            stage
        }
        "below a new epoch" => {
            let mut stage = Stage::within(enrolled());
            stage.world.requirement.required_epoch = Epoch(2);
            stage
        }
        "in a session that needs none" => Stage::within(by_password()),
        "idle too long" => Stage::within(enrolled()).after(60 * 60),
        other => panic!("there is no stage {other}"),
    }
}

/// What comes of `command` at the stage: the events' names, or the refusal's with a `!`.
fn edge(stage: Stage, command: &str) -> String {
    let Stage { mut world, sign_in, session, owner, pairing } = stage;
    let before = world.log.len();
    let now = world.now;
    let refused = match command {
        "StartSignIn" => world.start(Purpose::SignIn).1.err(),
        "StartSignIn(StepUp)" => world.start(Purpose::StepUp(session)).1.err(),
        "RequestCode" => world.request(sign_in, Method::Sms).err(),
        "Verify" => world.verify(sign_in, world.app()).err(),
        "Verify(Printed)" => world.verify(sign_in, printed("r0")).err(),
        "StartSetUp" => world.set_up(owner, &[]).err(),
        "PairAuthenticator" => world.pair(owner).err(),
        "ConfirmAuthenticator" => world.confirm_app(owner, pairing, Some(TotpStep::at(now))).err(),
        "RequestContactVerification" => world.ask(owner, Method::Sms, "number").err(),
        "ConfirmContact" => world.confirm_contact(owner, Method::Email, true).err(),
        "OpenVerificationLink" => {
            let contact = world.state.set_up(owner, now).and_then(|set_up| set_up.contact(Method::Email));
            let challenge = contact.map_or(ChallengeId(Uuid::nil()), ContactStep::challenge_id);
            world.open_link(challenge, Device::Same(owner)).err()
        }
        "IssueRecoveryCodes" => world.print(owner, false, "n").err(),
        "Activate" => world.activate(owner).err(),
        "TurnOff" => world.turn_off(session).err(),
        "ForceReset" => world.reset().err(),
        "RequestResets" => {
            world.run(SecondStepCommand::RequestResets(RequestResets { members: vec![] })).err()
        }
        "Unlock" => world.unlock().err(),
        "TouchSession" => world.run(SecondStepCommand::TouchSession(TouchSession { session, now })).err(),
        "EndSession" => {
            let because = EndReason::SignedOut;
            world.run(SecondStepCommand::EndSession(EndSession { session, because, now })).err()
        }
        "AuthorisePasswordChange" => world.change_password(Some(session)).err(),
        other => panic!("there is no command {other}"),
    };
    match refused {
        Some(refusal) => {
            let refusal = format!("{refusal:?}");
            let variant = refusal.split(|letter: char| !letter.is_alphanumeric()).next();
            format!("!{}", variant.unwrap_or_default())
        }
        None if world.log.len() == before => "nothing".to_owned(),
        None => names(&world.log[before..]).join(" "),
    }
}

/// The table's lines as (stage, command, edge).
fn table() -> Vec<(&'static str, &'static str, &'static str)> {
    let (mut stage, mut edges) = ("", Vec::new());
    for line in TABLE.lines().filter(|line| !line.trim().is_empty()) {
        let Some(line) = line.strip_prefix("    ") else {
            stage = line;
            continue;
        };
        let (left, right) = line.split_once(": ").unwrap();
        if left.starts_with('!') {
            edges.extend(right.split(' ').map(|command| (stage, command, left)));
        } else {
            edges.push((stage, left, right));
        }
    }
    edges
}

#[test]
fn s20_at_every_stage_only_the_legal_commands_succeed_and_the_others_hear_why() {
    let wrong: Vec<String> = table()
        .into_iter()
        .map(|(at, command, expected)| (at, command, expected, edge(stage(at), command)))
        .filter(|(_, _, expected, found)| expected != found)
        .map(|(at, command, expected, found)| format!("{at}, {command}: {found}, not {expected}"))
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn s20_the_table_of_edges_has_every_command_once_at_every_stage() {
    let mut stages: Vec<&str> = table().into_iter().map(|(stage, ..)| stage).collect();
    stages.dedup();
    assert_eq!(stages, STAGES);
    for stage in stages {
        let here = table().into_iter().filter(|(at, ..)| *at == stage).map(|(_, command, _)| command);
        let mut here: Vec<&str> = here.collect();
        here.sort_unstable();
        let mut all = COMMANDS;
        all.sort_unstable();
        assert_eq!(here, all, "{stage}");
    }
    let declared = include_str!("../command/mod.rs").lines().filter_map(|line| {
        let (name, payload) = line.trim().strip_suffix("),")?.split_once('(')?;
        (name == payload).then_some(name)
    });
    let missing: Vec<&str> = declared.filter(|name| !COMMANDS.contains(name)).collect();
    assert!(missing.is_empty(), "{missing:?} stand in no line");
}

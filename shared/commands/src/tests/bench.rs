//! A company in memory, on a clock and a log that a test holds.

use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use chrono::DateTime;
use secrecy::SecretString;
use tokio::sync::watch;
use twostep_clock::MovedClock;
use twostep_domain::company::{Branding, Texting};
use twostep_domain::{
    Capabilities, Client, ClientKind, CompanyId, Country, Email, Locale, LoginName, MemberId, Name, Role,
    Roles, Slug, StreamKind, TimeZone,
};
use twostep_event_store::{
    Actor, AppendError, AppendToken, Appended, Checkpoint, Loaded, MemoryStore, Metadata, NewEvent,
    ReadError, Reader, RecordedEvent, Revision, StreamId, Writer,
};
use twostep_projections::{Directory, LoginChecks, ReadModel};
use twostep_vault::{
    Existing, HashingLimits, MasterKey, MemoryKeyStore, PasswordCost, PasswordHasher, Vault,
};
use uuid::Uuid;

use crate::{Access, Commands, CreateCompany, InviteMember, Ledger, SessionCaller, Settings, StartSignIn};

/// The holder's password.
pub(super) const PASSWORD: &str = "an unlikely string of words";

/// A log whose appends a test refuses or holds.
pub(super) struct Log {
    pub(super) kept: MemoryStore,
    /// Streams of this kind take nothing.
    pub(super) full: Mutex<Option<StreamKind>>,
    /// Appends to any stream wait.
    pub(super) held: watch::Sender<bool>,
}

#[async_trait]
impl Reader for Log {
    async fn load(&self, stream: &StreamId, after: Option<Revision>) -> Result<Loaded, ReadError> {
        self.kept.load(stream, after).await
    }

    async fn event(&self, stream: &StreamId, revision: Revision) -> Result<Option<RecordedEvent>, ReadError> {
        self.kept.event(stream, revision).await
    }

    async fn read(&self, after: &Checkpoint, limit: usize) -> Result<Vec<RecordedEvent>, ReadError> {
        self.kept.read(after, limit).await
    }

    async fn head(&self, company: CompanyId) -> Result<Checkpoint, ReadError> {
        self.kept.head(company).await
    }

    async fn wait_beyond(&self, seen: &Checkpoint) -> Result<(), ReadError> {
        self.kept.wait_beyond(seen).await
    }
}

#[async_trait]
impl Writer for Log {
    async fn append(&self, token: AppendToken, events: Vec<NewEvent>) -> Result<Appended, AppendError> {
        if *self.full.lock().unwrap() == Some(token.stream().kind) {
            return Err(AppendError::Full { reason: "a test".to_owned() });
        }
        let _ = self.held.subscribe().wait_for(|held| !held).await;
        self.kept.append(token, events).await
    }
}

/// The company, and its holder's session.
pub(super) struct Bench {
    pub(super) clock: Arc<MovedClock>,
    pub(super) log: Arc<Log>,
    pub(super) commands: Arc<Commands>,
    pub(super) slug: Slug,
    pub(super) company: CompanyId,
    pub(super) holder: MemberId,
    /// The token of the holder's session.
    pub(super) token: String,
}

pub(super) fn metadata() -> Metadata {
    Metadata {
        actor: Actor::Operator,
        origin: None,
        correlation: Uuid::nil(),
        causation: None,
        idempotency: None,
    }
}

fn name(text: &str) -> Name {
    Name::parse(text).unwrap()
}

pub(super) fn login(text: &str) -> LoginName {
    LoginName::parse(text).unwrap()
}

impl Bench {
    pub(super) async fn new() -> Self {
        let clock = Arc::new(MovedClock::frozen_at(DateTime::UNIX_EPOCH));
        let (full, held) = (Mutex::default(), watch::Sender::new(false));
        let log = Arc::new(Log { kept: MemoryStore::new(), full, held });
        let commands = commands(&log, &clock);
        let slug = Slug::parse("acme").unwrap();
        let create = CreateCompany {
            slug: slug.clone(),
            name: name("Acme"),
            country: Country::parse("DE").unwrap(),
            locale: Locale::En,
            time_zone: TimeZone::default(),
            branding: Branding { product_name: name("P"), account_name: name("A"), sender_name: name("S") },
            holder_name: name("Holder"),
            holder_email: Email::parse("holder@acme.example").unwrap(),
            holder_login: login("holder"),
        };
        let created = commands.create_company(create, &metadata()).await.unwrap();
        let token = created.invitation_url.rsplit('/').next().unwrap();
        commands.accept_invitation(token, &SecretString::from(PASSWORD), None, metadata()).await.unwrap();
        let (company, holder) = (created.id, created.account_holder);
        let mut bench = Self { clock, log, commands, slug, company, holder, token: String::new() };
        bench.token = bench.sign_in(PASSWORD).await.unwrap();
        bench
    }

    /// The token of another session of the holder; none: the password is wrong.
    pub(super) async fn sign_in(&self, password: &str) -> Option<String> {
        let start = StartSignIn {
            company: None,
            login: login("holder"),
            password: SecretString::from(password),
            client: web(),
            address: None,
        };
        let started = self.commands.start_sign_in(start, metadata()).await.ok()?;
        Some(started.token.unwrap().expose().to_owned())
    }

    /// The caller that `token` stands for; none: it opens nothing.
    pub(super) async fn caller(&self, token: &str) -> Option<SessionCaller> {
        match self.commands.authenticate(token).await {
            Ok(Access::Session(caller)) => Some(caller),
            Ok(Access::SignIn(_)) | Err(_) => None,
        }
    }

    /// Somebody new with `role`, invited.
    pub(super) async fn invite(&self, who: &str, role: Role) -> MemberId {
        let caller = self.caller(&self.token).await.unwrap();
        let new = InviteMember {
            name: name(who),
            email: Email::parse(&format!("{who}@acme.example")).unwrap(),
            login: login(who),
            roles: Roles::of([role]),
            group: None,
            locale: None,
            time_zone: None,
        };
        self.commands.invite_member(&caller, self.company, new, &metadata()).await.unwrap()
    }
}

/// Use cases over `log`, with keys of their own.
fn commands(log: &Arc<Log>, clock: &Arc<MovedClock>) -> Arc<Commands> {
    let vault = Vault::open(MemoryKeyStore::default(), MasterKey::draw(), Existing::Nothing).unwrap();
    let cost = PasswordCost { memory: 8, passes: 1, lanes: 1 };
    let hasher = PasswordHasher::new(cost, HashingLimits::default()).unwrap();
    let settings = Settings { public_url: "https://here.example".to_owned(), texting: Texting::Impossible };
    let directory = ReadModel::<Directory>::follow(log.clone());
    let checks = LoginChecks::new(log.clone(), directory.clone(), settings.texting);
    let ledger = Ledger::new(log.clone(), clock.clone());
    Arc::new(Commands::new(ledger, Arc::new(vault), Arc::new(hasher), checks, directory, settings))
}

pub(super) fn web() -> Client {
    Client { kind: ClientKind::Web, version: None, capabilities: Capabilities::all() }
}

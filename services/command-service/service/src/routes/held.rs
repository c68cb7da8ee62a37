//! An app over a log that can be held, for tests of what waits for it.

use std::sync::Arc;

use async_trait::async_trait;
use secrecy::SecretString;
use tokio::sync::watch;
use twostep_clock::SteadyClock;
use twostep_commands::{Commands, CreateCompany, Ledger, Settings, StartSignIn};
use twostep_domain::company::{Branding, Texting};
use twostep_domain::{
    Capabilities, Client, ClientKind, CompanyId, Country, Email, Locale, LoginName, Name, Slug, TimeZone,
};
use twostep_event_store::{
    Actor, Checkpoint, Loaded, MemoryStore, Metadata, ReadError, Reader, RecordedEvent, Revision, StreamId,
};
use twostep_projections::{AuditIndex, Directory, LoginChecks, ReadModel};
use twostep_vault::{
    Existing, HashingLimits, MasterKey, MemoryKeyStore, PasswordCost, PasswordHasher, Vault,
};
use uuid::Uuid;

use crate::app::App;

/// A log that gives out no page, or no single event, while it is held.
#[derive(Default)]
pub(super) struct Held {
    pub(super) log: Arc<MemoryStore>,
    /// Whether pages are.
    pub(super) held: watch::Sender<bool>,
    /// Whether single events are.
    pub(super) events_held: watch::Sender<bool>,
    /// How many of those are waited for.
    pub(super) waiting: watch::Sender<usize>,
}

/// One who waits for an event, counted until they don't any more.
struct Waiting<'a>(&'a watch::Sender<usize>);

impl<'a> Waiting<'a> {
    fn counted(all: &'a watch::Sender<usize>) -> Self {
        all.send_modify(|waiting| *waiting += 1);
        Self(all)
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.send_modify(|waiting| *waiting -= 1);
    }
}

#[async_trait]
impl Reader for Held {
    async fn load(&self, stream: &StreamId, after: Option<Revision>) -> Result<Loaded, ReadError> {
        self.log.load(stream, after).await
    }

    async fn event(&self, stream: &StreamId, revision: Revision) -> Result<Option<RecordedEvent>, ReadError> {
        let _waiting = Waiting::counted(&self.waiting);
        let _ = self.events_held.subscribe().wait_for(|held| !held).await;
        self.log.event(stream, revision).await
    }

    async fn read(&self, after: &Checkpoint, limit: usize) -> Result<Vec<RecordedEvent>, ReadError> {
        let _ = self.held.subscribe().wait_for(|held| !held).await;
        self.log.read(after, limit).await
    }

    async fn head(&self, company: CompanyId) -> Result<Checkpoint, ReadError> {
        self.log.head(company).await
    }

    async fn wait_beyond(&self, seen: &Checkpoint) -> Result<(), ReadError> {
        self.log.wait_beyond(seen).await
    }
}

fn metadata() -> Metadata {
    Metadata {
        actor: Actor::Operator,
        origin: None,
        correlation: Uuid::nil(),
        causation: None,
        idempotency: None,
    }
}

/// The app over `reader`, whose audit index lies in `directory`.
pub(super) async fn app(reader: Arc<Held>, directory: &std::path::Path) -> App {
    let vault = Vault::open(MemoryKeyStore::default(), MasterKey::draw(), Existing::Nothing).unwrap();
    let cost = PasswordCost { memory: 8, passes: 1, lanes: 1 };
    let hasher = PasswordHasher::new(cost, HashingLimits::default()).unwrap();
    let settings = Settings { public_url: "https://here.example".to_owned(), texting: Texting::Impossible };
    let model = ReadModel::<Directory>::follow(reader.clone());
    let checks = LoginChecks::new(reader.clone(), model.clone(), settings.texting);
    let ledger = Ledger::new(reader.log.clone(), Arc::new(SteadyClock::start()));
    let commands = Commands::new(ledger, Arc::new(vault), Arc::new(hasher), checks, model, settings);
    App {
        commands: Arc::new(commands),
        deliveries: ReadModel::follow(reader.clone()),
        audit: AuditIndex::follow(reader.clone(), &directory.join("audit.db")).await.unwrap(),
        reader,
        settings: Arc::default(),
        metrics: Arc::new(crate::metrics::Metrics::new()),
        challenge: Default::default(),
        waiting: Default::default(),
        folds: Arc::new(tokio::sync::Semaphore::new(1)),
        webhooks: Arc::default(),
        stop: Default::default(),
    }
}

/// A company, and its holder's session.
pub(super) async fn company(commands: &Arc<Commands>) -> (CompanyId, String) {
    let name = |text: &str| Name::parse(text).unwrap();
    let login = LoginName::parse("holder").unwrap();
    let create = CreateCompany {
        slug: Slug::parse("acme").unwrap(),
        name: name("Acme"),
        country: Country::parse("DE").unwrap(),
        locale: Locale::En,
        time_zone: TimeZone::default(),
        branding: Branding { product_name: name("P"), account_name: name("A"), sender_name: name("S") },
        holder_name: name("Holder"),
        holder_email: Email::parse("holder@acme.example").unwrap(),
        holder_login: login.clone(),
    };
    let created = commands.create_company(create, &metadata()).await.unwrap();
    let token = created.invitation_url.rsplit('/').next().unwrap();
    let password = SecretString::from("an unlikely string of words");
    commands.accept_invitation(token, &password, None, metadata()).await.unwrap();
    let client = Client { kind: ClientKind::Web, version: None, capabilities: Capabilities::all() };
    let start = StartSignIn { company: None, login, password, client, address: None };
    let started = commands.start_sign_in(start, metadata()).await.unwrap();
    (created.id, started.token.unwrap().expose().to_owned())
}

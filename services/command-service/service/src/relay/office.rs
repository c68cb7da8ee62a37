//! A company, the queue and relays for tests.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use secrecy::SecretString;
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;
use twostep_clock::MovedClock;
use twostep_commands::{Access, CreateCompany, InviteMember, Ledger, SessionCaller, Settings, StartSignIn};
use twostep_delivery::{Accepted, ChannelKey, ChannelKeys, Publisher, Step, Submit, SubmitError, Worker};
use twostep_delivery_local::{Limits, LocalQueue};
use twostep_domain::company::{Branding, Texting};
use twostep_domain::delivery::Channel;
use twostep_domain::{
    Capabilities, Client, ClientKind, CompanyId, Country, Email, Locale, LoginName, Name, Role, Roles, Slug,
    StreamKind, TimeZone,
};
use twostep_event_store::{Actor, MemoryStore, Metadata};
use twostep_projections::{Directory, LoginChecks, ReadModel};
use twostep_vault::{
    Existing, HashingLimits, MasterKey, MemoryKeyStore, PasswordCost, PasswordHasher, Vault,
};
use uuid::Uuid;

use super::*;

const PASSWORD: &str = "an unlikely string of words";

/// A company whose holder invites, the queue, and the way out, which counts.
pub(super) struct Office {
    pub(super) log: Arc<MemoryStore>,
    pub(super) clock: Arc<MovedClock>,
    commands: Arc<Commands>,
    pub(super) queue: LocalQueue,
    company: CompanyId,
    holder: SessionCaller,
    sent: Arc<Sent>,
    pub(super) metrics: Arc<Metrics>,
}

/// How often a provider was given each message.
#[derive(Default)]
pub(super) struct Sent(Mutex<BTreeMap<DeliveryId, usize>>);

#[async_trait]
impl Submit for Sent {
    async fn submit(&self, request: &Request, _: &Payload) -> Result<Accepted, SubmitError> {
        *self.0.lock().unwrap().entry(request.id).or_default() += 1;
        Ok(Accepted { provider: "p".to_owned(), provider_id: None })
    }
}

/// A relay, and how often it has published.
pub(super) struct Running {
    published: watch::Receiver<usize>,
    pub(super) stop: Stop,
}

struct Counted {
    queue: LocalQueue,
    published: watch::Sender<usize>,
}

#[async_trait]
impl Publisher for Counted {
    async fn publish(&self, request: &Request) -> Result<(), QueueError> {
        self.queue.publish(request).await?;
        self.published.send_modify(|published| *published += 1);
        Ok(())
    }

    async fn reopen(&self, channel: Channel, id: DeliveryId, round: u32) -> Result<(), QueueError> {
        self.queue.reopen(channel, id, round).await
    }
}

impl Running {
    pub(super) async fn has_published(&mut self, times: usize) {
        self.published.wait_for(|published| *published >= times).await.unwrap();
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

fn name(text: &str) -> Name {
    Name::parse(text).unwrap()
}

fn keys(channel: Channel) -> ChannelKeys {
    ChannelKeys::new(channel, ChannelKey::new("k1", [7; 32]), Vec::new())
}

impl Office {
    pub(super) async fn open() -> Self {
        let clock = Arc::new(MovedClock::frozen_at(Time::UNIX_EPOCH));
        let log = Arc::new(MemoryStore::new());
        let vault = Vault::open(MemoryKeyStore::default(), MasterKey::draw(), Existing::Nothing).unwrap();
        let cost = PasswordCost { memory: 8, passes: 1, lanes: 1 };
        let hasher = PasswordHasher::new(cost, HashingLimits::default()).unwrap();
        let settings =
            Settings { public_url: "https://here.example".to_owned(), texting: Texting::Impossible };
        let directory = ReadModel::<Directory>::follow(log.clone());
        let checks = LoginChecks::new(log.clone(), directory.clone(), settings.texting);
        let ledger = Ledger::new(log.clone(), clock.clone());
        let commands = Commands::new(ledger, Arc::new(vault), Arc::new(hasher), checks, directory, settings);
        let commands = Arc::new(commands);
        let create = CreateCompany {
            slug: Slug::parse("acme").unwrap(),
            name: name("Acme"),
            country: Country::parse("DE").unwrap(),
            locale: Locale::En,
            time_zone: TimeZone::default(),
            branding: Branding { product_name: name("P"), account_name: name("A"), sender_name: name("S") },
            holder_name: name("Holder"),
            holder_email: Email::parse("holder@acme.example").unwrap(),
            holder_login: LoginName::parse("holder").unwrap(),
        };
        let created = commands.create_company(create, &metadata()).await.unwrap();
        let token = created.invitation_url.rsplit('/').next().unwrap();
        commands.accept_invitation(token, &SecretString::from(PASSWORD), None, metadata()).await.unwrap();
        let start = StartSignIn {
            company: None,
            login: LoginName::parse("holder").unwrap(),
            password: SecretString::from(PASSWORD),
            client: Client { kind: ClientKind::Web, version: None, capabilities: Capabilities::all() },
            address: None,
        };
        let started = commands.start_sign_in(start, metadata()).await.unwrap();
        let access = commands.authenticate(started.token.unwrap().expose()).await;
        let Ok(Access::Session(holder)) = access else { panic!("the holder signs in by password") };
        let queue = LocalQueue::new(clock.clone(), Limits::default());
        let (sent, metrics) = (Arc::default(), Arc::new(Metrics::new()));
        Self { log, clock, commands, queue, company: created.id, holder, sent, metrics }
    }

    pub(super) async fn invite(&self, numbers: std::ops::Range<usize>) {
        for number in numbers {
            let new = InviteMember {
                name: name("Somebody"),
                email: Email::parse(&format!("p{number}@acme.example")).unwrap(),
                login: LoginName::parse(&format!("p{number}")).unwrap(),
                roles: Roles::of([Role::Admin]),
                group: None,
                locale: None,
                time_zone: None,
            };
            self.commands.invite_member(&self.holder, self.company, new, &metadata()).await.unwrap();
        }
    }

    pub(super) fn relay(&self) -> Running {
        let (counter, published) = watch::channel(0);
        let publisher = Arc::new(Counted { queue: self.queue.clone(), published: counter });
        let seals = ChannelSeals { email: keys(Channel::Email), sms: keys(Channel::Sms) };
        let (spend_per_day, prices) = (None, TextPrices::default());
        let limits = TextLimits { per_day: 9, spend_per_day, prices, per_dialling_code: 9, per_prefix: 9 };
        let relay = Relay::new(
            self.commands.clone(),
            self.log.clone(),
            publisher,
            Arc::new(self.queue.clone()),
            seals,
            limits,
            self.clock.clone(),
            self.metrics.clone(),
        );
        let stop = Stop::new();
        stop.spawn("relay", relay.run(Following::new("relay"), stop.clone()));
        Running { published, stop }
    }

    /// A worker takes so many messages.
    pub(super) async fn work(&self, name: &str, messages: usize) -> Vec<Step> {
        let worker = Worker {
            channel: Channel::Email,
            name: name.to_owned(),
            keys: keys(Channel::Email),
            consumer: Arc::new(self.queue.clone()),
            claims: Arc::new(self.queue.clone()),
            reporter: Arc::new(self.queue.clone()),
            out: self.sent.clone(),
            clock: self.clock.clone(),
            jitter: Box::new(|ceiling| ceiling),
        };
        let mut steps = Vec::new();
        for _ in 0..messages {
            steps.push(worker.run_once().await.unwrap());
        }
        steps
    }

    /// What the worker said so far is written down.
    pub(super) async fn record(&self) {
        let silence = CancellationToken::new();
        silence.cancel();
        record_outcomes(self.commands.clone(), Arc::new(self.queue.clone()), self.metrics.clone(), silence)
            .await;
    }

    /// How often each event stands in the log that is about messages.
    pub(super) async fn written(&self) -> BTreeMap<String, usize> {
        let mut written = BTreeMap::new();
        for event in self.log.read(&Checkpoint::start(), 10_000).await.unwrap() {
            if event.envelope.kind == StreamKind::Delivery {
                *written.entry(event.envelope.event_type).or_default() += 1;
            }
        }
        written
    }

    pub(super) fn each_was_sent_once(&self, messages: usize) {
        let sent = self.sent.0.lock().unwrap();
        assert_eq!(sent.len(), messages);
        assert!(sent.values().all(|times| *times == 1), "{sent:?}");
    }
}

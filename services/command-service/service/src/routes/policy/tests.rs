//! What a save answers where the directory doesn't follow.

use std::sync::Arc;

use async_trait::async_trait;
use axum::body::{Body, to_bytes};
use axum::http::{Request, StatusCode, header};
use secrecy::SecretString;
use tokio::sync::watch;
use tower::ServiceExt as _;
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

use super::*;

/// A log that gives out no page while it is held.
struct Held {
    log: Arc<MemoryStore>,
    held: watch::Sender<bool>,
}

#[async_trait]
impl Reader for Held {
    async fn load(&self, stream: &StreamId, after: Option<Revision>) -> Result<Loaded, ReadError> {
        self.log.load(stream, after).await
    }

    async fn event(&self, stream: &StreamId, revision: Revision) -> Result<Option<RecordedEvent>, ReadError> {
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
async fn app(reader: Arc<Held>, directory: &std::path::Path) -> App {
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
async fn company(commands: &Arc<Commands>) -> (CompanyId, String) {
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

fn save_policy(company: CompanyId, token: &str, revision: u64) -> Request<Body> {
    let put = serde_json::json!({ "reason": "a test", "policy": {
        "admins": false, "technicians": "none", "primary": "app", "backups": ["email"], "code_life_seconds": 101 + revision,
    } });
    Request::put(format!("/companies/{}/policy", company.0))
        .header(header::AUTHORIZATION, format!("Bearer {token}"))
        .header(header::IF_MATCH, format!("\"{revision}\""))
        .header(header::CONTENT_TYPE, "application/json")
        .body(Body::from(put.to_string()))
        .unwrap()
}

/// What a save on the latest revision is answered.
async fn saved(app: &App, company: CompanyId, token: &str) -> SavedPolicy {
    let revision = app.commands.company(company).await.unwrap().revision().unwrap().0;
    let routes = axum::Router::new().route("/companies/{id}/policy", axum::routing::put(save));
    let routes = routes.with_state(app.clone());
    let answer = routes.oneshot(save_policy(company, token, revision)).await.unwrap();
    let status = answer.status();
    let body = to_bytes(answer.into_body(), 65_536).await.unwrap();
    assert_eq!(status, StatusCode::OK, "{}", String::from_utf8_lossy(&body));
    serde_json::from_slice(&body).unwrap()
}

#[tokio::test]
async fn a_policy_that_was_saved_is_answered_so_also_where_the_directory_stands_still() {
    let directory = tempfile::tempdir().unwrap();
    let reader = Arc::new(Held { log: Arc::default(), held: watch::Sender::new(false) });
    let app = app(reader.clone(), directory.path()).await;
    let (company, token) = company(&app.commands).await;
    let head = app.reader.head(company).await.unwrap();
    app.commands.directory().reached(&head).await.unwrap();
    // It gives up on the directory after a time, which passes at once.
    tokio::time::pause();
    reader.held.send_replace(true);
    let first = saved(&app, company, &token).await;
    assert!(first.policy.code_life_seconds > 100 && first.effect.is_none());

    reader.held.send_replace(false);
    let second = saved(&app, company, &token).await;
    assert!(second.effect.is_some());
}

//! The service put together.

use std::sync::Arc;

use axum::extract::State;
use axum::http::{HeaderName, HeaderValue, header};
use axum::middleware::{self, Next};
use axum::response::Response;
use axum::{Extension, Router};
use tokio::sync::{Semaphore, watch};
use tokio_util::sync::CancellationToken;
use tower_http::set_header::SetResponseHeaderLayer;
use twostep_api::ProblemType;
use twostep_clock::SharedClock;
use twostep_commands::{Commands, Ledger, Settings, Snapshots};
use twostep_delivery::{BreakerState, Leadership, Publisher, Reports, Waiting};
use twostep_domain::company::Texting;
use twostep_domain::delivery::Channel;
use twostep_event_store::{Reader, Store};
use twostep_projections::{AuditIndex, DeliveryStatus, Directory, LoginChecks, ReadModel};
use twostep_runtime::Stop;
use twostep_vault::{PasswordHasher, Vault};

use crate::app::{App, HttpSettings};
use crate::backup::Backups;
use crate::following::Following;
use crate::log_end::log_end;
use crate::metrics::{MeasuredStore, Metrics, measure};
use crate::possession::Challenge;
use crate::refusal::{NextAt, Refused};
use crate::relay::{ChannelSeals, Relay, TextLimits, record_outcomes};
use crate::waiting::Places;
use crate::webhooks::Webhooks;
use crate::{document, erasure, housekeeping, operator, positions, routes, to_the_end, traced};

/// Past states that are put together at once: each reads a history from its beginning.
const FOLDS: usize = 2;

/// Asks where each provider's breaker stands.
pub type Breakers = Box<dyn Fn() -> Vec<(Channel, String, BreakerState)> + Send + Sync>;

/// Asks how much waits in the queue.
pub type Waits = Box<dyn Fn() -> Vec<Waiting> + Send + Sync>;

/// What the service is made of; adapters are chosen by whoever composes it.
pub struct Parts {
    /// The log.
    pub store: Arc<dyn Store>,
    /// The log again, as its readers see it.
    pub reader: Arc<dyn Reader>,
    /// The index of every company's history, which follows the log.
    pub audit: Arc<AuditIndex>,
    /// The folds of long streams, kept between starts.
    pub snapshots: Arc<Snapshots>,
    /// The keys.
    pub vault: Arc<Vault>,
    /// Password hashing.
    pub hasher: Arc<PasswordHasher>,
    /// What time it is.
    pub clock: SharedClock,
    /// The way into the delivery queue.
    pub publisher: Arc<dyn Publisher>,
    /// The way out of it.
    pub reports: Arc<dyn Reports>,
    /// Whether this process's relay publishes, where there are several.
    pub leadership: Arc<dyn Leadership>,
    /// Cancelled once nothing is reported any more: with the program's stop where a broker keeps what is said, after the last
    /// worker where it is kept in this process.
    pub silence: CancellationToken,
    /// Where the breakers of the providers stand that this process calls itself; none in a cluster, whose workers do.
    pub breakers: Breakers,
    /// How much waits in the queue.
    pub waiting: Waits,
    /// The channels' keys.
    pub seals: ChannelSeals,
    /// The caps on texts.
    pub texts: TextLimits,
    /// The providers whose word on a text is taken.
    pub webhooks: Webhooks,
    /// What use cases are set to.
    pub settings: Settings,
    /// What the HTTP side is set to.
    pub http: HttpSettings,
}

/// The running service.
pub struct Service {
    app: App,
    store: Arc<dyn Store>,
    directory: Arc<ReadModel<Directory>>,
    hasher: Arc<PasswordHasher>,
    breakers: Breakers,
    waits: Waits,
    background: [Following; 2],
    erasures: watch::Receiver<bool>,
}

impl Service {
    /// Follows the log and starts the background work, which ends with `stop`.
    #[must_use]
    pub fn start(parts: Parts, stop: &Stop) -> Self {
        let Parts {
            store,
            reader,
            audit,
            snapshots,
            vault,
            hasher,
            clock,
            publisher,
            reports,
            leadership,
            silence,
            breakers,
            waiting: waits,
            seals,
            texts,
            webhooks,
            settings,
            http,
        } = parts;
        let directory = ReadModel::<Directory>::follow(reader.clone());
        let deliveries = ReadModel::<DeliveryStatus>::follow(reader.clone());
        let metrics = Arc::new(Metrics::new());
        let store: Arc<dyn Store> = Arc::new(MeasuredStore::new(store, metrics.clone()));
        let ledger = Ledger::new(store.clone(), clock.clone()).with_snapshots(snapshots);
        let checks = LoginChecks::new(reader.clone(), directory.clone(), settings.texting);
        let commands = Arc::new(Commands::new(
            ledger,
            vault.clone(),
            hasher.clone(),
            checks,
            directory.clone(),
            settings,
        ));
        let background = [Following::new("relay"), Following::new("erasures")];
        let [relaying, erasing] = background.clone();
        let (finished, erasures) = watch::channel(false);
        let relay = Relay::new(
            commands.clone(),
            reader.clone(),
            publisher,
            leadership,
            seals,
            texts,
            clock.clone(),
            metrics.clone(),
        );
        stop.spawn("relay", relay.run(relaying, stop.clone()));
        stop.spawn("outcomes", record_outcomes(commands.clone(), reports, metrics.clone(), silence));
        stop.spawn(
            "erasures",
            erasure::finish_erasures(reader.clone(), vault.clone(), erasing, finished, stop.clone()),
        );
        stop.spawn("keys", housekeeping::destroy_expired_keys(vault, clock.clone(), stop.clone()));
        stop.spawn(
            "rosters",
            housekeeping::settle_rosters(commands.clone(), reader.clone(), clock, stop.clone()),
        );
        let (settings, challenge, stop) = (Arc::new(http), Challenge::default(), stop.clone());
        let (waiting, folds) = (Places::default(), Arc::new(Semaphore::new(FOLDS)));
        let webhooks = Arc::new(webhooks);
        let app = App {
            commands,
            deliveries,
            reader,
            audit,
            settings,
            metrics,
            challenge,
            waiting,
            folds,
            webhooks,
            stop,
        };
        Self { app, store, directory, hasher, breakers, waits, background, erasures }
    }

    /// Waits until answers can be given: nobody has keys whom the log says is erased (a key store from a backup may bring
    /// some back), and the read models have seen what the log holds now.
    ///
    /// # Errors
    /// What keeps them from it, in words; then the service doesn't get ready.
    pub async fn caught_up(&self) -> Result<(), String> {
        let mut erasures = self.erasures.clone();
        let _ = erasures.wait_for(|finished| *finished).await;
        let head = log_end(&*self.app.reader).await.map_err(|error| error.to_string())?;
        self.directory.reached(&head).await.map_err(|error| error.to_string())?;
        let directory = self.directory.at(&head).await.map_err(|error| error.to_string())?;
        policies_that_need_texts(&directory, self.app.commands.texting());
        drop(directory);
        self.app.deliveries.reached(&head).await.map_err(|error| error.to_string())
    }

    /// The use cases, for whoever composes this service with others.
    #[must_use]
    pub fn commands(&self) -> &Arc<Commands> {
        &self.app.commands
    }

    /// The public routes.
    pub fn api(&self) -> Router {
        let (router, document) = routes::public().split_for_parts();
        let document = pretty(document);
        let json = [(header::CONTENT_TYPE, "application/json")];
        let router = router.route("/api/v1/openapi.json", axum::routing::get(async move || (json, document)));
        self.finished(router)
    }

    /// The routes behind the operator's socket; `backups` are what a backup is made by.
    pub fn operator(&self, backups: Arc<dyn Backups>) -> Router {
        self.finished(operator::routes().split_for_parts().0).layer(Extension(backups))
    }

    fn finished(&self, router: Router<App>) -> Router {
        router
            .fallback(async || {
                Refused::new(ProblemType::NotFound, "there is no such route: see /api/v1/openapi.json")
            })
            .method_not_allowed_fallback(async || {
                Refused::new(ProblemType::MethodNotAllowed, "this route doesn't take that method")
            })
            .layer(middleware::from_fn(positions::told))
            .layer(middleware::from_fn(traced::traced))
            .layer(middleware::from_fn(to_the_end::run))
            .layer(middleware::from_fn_with_state(self.app.clone(), measure))
            .layer(middleware::from_fn_with_state(self.app.clone(), retry_after))
            .layer(constant(header::CACHE_CONTROL, "no-store"))
            .layer(constant(header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
            .layer(constant(header::REFERRER_POLICY, "no-referrer"))
            .with_state(self.app.clone())
    }

    /// What an operator watches, in the OpenMetrics format.
    #[must_use]
    pub fn metrics(&self) -> String {
        let Self { app, directory, hasher, breakers, waits, background, .. } = self;
        app.metrics.hashed(hasher.computed());
        app.metrics.follows("directory", directory.stopped().is_none());
        app.metrics.follows("delivery status", app.deliveries.stopped().is_none());
        app.metrics.follows("audit index", app.audit.stuck().is_none());
        for (channel, provider, state) in breakers() {
            app.metrics.breaker(channel, &provider, state);
        }
        for lane in waits() {
            app.metrics.waits(&lane);
        }
        for part in background {
            app.metrics.follows(part.part(), part.stopped().is_none());
        }
        app.metrics.render()
    }

    /// Whether the service can answer: the log can be read and can grow, keys can be read, and whatever follows the log has
    /// not stopped. The audit index may be stuck: nobody's sign-in depends on it, and the metrics say so.
    ///
    /// # Errors
    /// What is wrong, in words.
    pub async fn ready(&self) -> Result<(), String> {
        let head = log_end(&*self.app.reader).await.map_err(|error| error.to_string())?;
        self.directory.at(&head).await.map(drop).map_err(|error| error.to_string())?;
        self.store.takes_appends().await.map_err(|error| error.to_string())?;
        self.app.commands.vault().check().map_err(|error| error.to_string())?;
        let parts = self.background.iter().find_map(Following::stopped);
        match self.app.deliveries.stopped().or(parts) {
            Some(reason) => Err(reason),
            None => Ok(()),
        }
    }
}

/// Says of which companies the policy needs what can't be sent, and what their people are asked for instead.
fn policies_that_need_texts(directory: &Directory, texting: Texting) {
    if texting == Texting::Possible {
        return;
    }
    for company in directory.companies().filter(|company| company.policy().needs_texts()) {
        let demand = company.policy().demand(texting);
        tracing::warn!(
            company = %company.slug(),
            instead = ?demand.primary,
            backups = ?demand.backups,
            "this company's policy needs text messages, and no [sms] provider is configured: its people are asked for \
             another method until one is, or until the policy is changed"
        );
    }
}

/// The OpenAPI document of the public API, as it is served.
#[must_use]
pub fn openapi() -> String {
    pretty(routes::public().split_for_parts().1)
}

fn pretty(document: utoipa::openapi::OpenApi) -> String {
    document::complete(document).to_pretty_json().unwrap_or_default()
}

/// `Retry-After` in whole seconds, beside the problem's `next_at` and in place of the usual moment (RFC 9110 §10.2.3).
async fn retry_after(State(app): State<App>, request: axum::extract::Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    if let Some(NextAt(next_at)) = response.extensions().get::<NextAt>().copied() {
        let seconds = (next_at - app.commands.now()).num_seconds().max(0) + 1;
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    }
    response
}

fn constant(name: HeaderName, value: &'static str) -> SetResponseHeaderLayer<HeaderValue> {
    SetResponseHeaderLayer::if_not_present(name, HeaderValue::from_static(value))
}

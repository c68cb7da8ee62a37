//! Every service put together in one process.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::sync::Arc;

use anyhow::Context as _;
use axum::Router;
use axum::extract::Request;
use tower::ServiceExt as _;
use twostep_client::Client;
use twostep_commands::Snapshots;
use twostep_domain::company::Texting;
use twostep_event_store_sqlite::{OpenOptions, SqliteStore, WriterLock};
use twostep_projections::AuditIndex;
use twostep_runtime::admin::Admin;
use twostep_runtime::test_clock::ProcessClock;
use twostep_runtime::{Profile, Stop, listen};
use twostep_service::{HttpSettings, Parts, Service};
use twostep_vault::{HashingLimits, PasswordCost, PasswordHasher};

use crate::delivery::Delivery;
use crate::settings::Settings;
use crate::{backup, delivery, keys, operator_socket};

/// What is run, and where its data lie.
pub(crate) struct Installation {
    /// What it is run for.
    pub(crate) profile: Profile,
    /// Where log and keys lie.
    pub(crate) data: PathBuf,
    /// Whether the admin port may move the clock.
    pub(crate) test_clock: bool,
}

/// Everything running.
pub(crate) struct Running {
    /// Where pages and API listen.
    pub(crate) web: SocketAddr,
    /// Where the admin port listens.
    pub(crate) admin: SocketAddr,
    /// The operator's socket.
    pub(crate) operator: PathBuf,
}

/// Starts everything; it ends with `stop`.
pub(crate) async fn start(
    settings: Settings,
    installation: &Installation,
    stop: &Stop,
) -> anyhow::Result<Running> {
    let Installation { profile, data, test_clock } = installation;
    let clock = ProcessClock::choose(*profile, *test_clock)?;
    // Before the settings, which may fit the other profile's data: whose they are is the greater mistake.
    profile.check_directory(data)?;
    profile.check_listen("http.listen", settings.http.listen)?;
    profile.check_listen("admin.listen", settings.admin.listen)?;
    settings.check_ports()?;
    let site = twostep_web::Config::new(settings.public_url.clone(), *profile, clock.shared())?
        .with_trusted_proxies(settings.http.trusted_proxies.clone());
    let channels = delivery::channels(&settings, *profile, &clock.shared())?;
    let web = listen::bind("http.listen", settings.http.listen).await?;
    let admin = listen::bind("admin.listen", settings.admin.listen).await?;
    let (web_address, admin_address) = (web.local_addr()?, admin.local_addr()?);

    profile.claim(data)?;
    if let Some(open) = Profile::open_directory(data) {
        tracing::warn!("{open}");
    }
    // First of all: of two first starts at once, one makes log and keys, and the other makes nothing.
    let lock = WriterLock::take(&data.join("log.db"))?;
    let vault = Arc::new(keys::open_vault(&settings.keys, data, keys::existing(data))?);
    let store = Arc::new(SqliteStore::open_under(lock, OpenOptions::default())?);
    let (operator, operator_path) = operator_socket::listen(data)?;
    let texting = if settings.sms.is_some() { Texting::Possible } else { Texting::Impossible };
    let Delivery { queue, seals, breakers, silence } =
        delivery::start(channels, &settings, &vault, &clock.shared(), stop)?;
    let hasher = PasswordHasher::new(PasswordCost::default(), HashingLimits::default())?;
    // The pages are the API's proxy: their word on whose browser asks counts, whatever else is trusted.
    let pages = own_address(web_address);
    let trusted_proxies = [settings.http.trusted_proxies, vec![pages.ip().to_canonical()]].concat();
    let locked = store.clone();
    let audit = AuditIndex::follow(store.clone(), &data.join("audit-index.db")).await?;
    let service = Service::start(
        Parts {
            store: store.clone(),
            reader: store,
            audit,
            snapshots: Arc::new(Snapshots::open(&data.join("snapshots.db"), vault.clone())?),
            vault,
            hasher: Arc::new(hasher),
            clock: clock.shared(),
            publisher: Arc::new(queue.clone()),
            reports: Arc::new(queue),
            silence,
            breakers,
            seals,
            texts: settings.delivery.text_limits(),
            settings: twostep_commands::Settings { public_url: settings.public_url.to_string(), texting },
            http: HttpSettings { trusted_proxies },
        },
        stop,
    );
    let service = Arc::new(service);
    let client =
        Client::new(format!("http://{pages}/").parse()?).context("setting up the pages' way to the API")?;
    let public = by_path(service.api(), twostep_web::router(site, client));
    let ready = service.clone();
    let measured = service.clone();
    let readiness = Admin::new()
        .check("log and read models", move || {
            let service = ready.clone();
            async move { service.ready().await }
        })
        .metrics(move || measured.metrics());
    stop.spawn("admin", listen::serve(admin, clock.add_route(readiness.router()), stop.clone()));
    // Whoever asks meanwhile waits in the port's backlog instead of being refused.
    tokio::select! {
        () = stop.requested() => {}
        caught_up = service.caught_up() => {
            caught_up.unwrap_or_else(|reason| tracing::error!(%reason, "every answer that needs the log will be a refusal"));
        }
    }
    let operated = service.operator(Arc::new(backup::Data(data.clone())));
    let (served, socket) = (listen::serve_socket(operator, operated, stop.clone()), operator_path.clone());
    stop.spawn("operator", async move {
        served.await;
        operator_socket::close(&socket);
        // Until here the log's lock is held, so the socket is no other process's.
        drop(locked);
    });
    stop.spawn("web", listen::serve(web, public, stop.clone()));
    Ok(Running { web: web_address, admin: admin_address, operator: operator_path })
}

/// Two whole sites on one port, each with its own answer to what isn't there: `/api/…` and everything else.
fn by_path(api: Router, pages: Router) -> Router {
    Router::new().fallback(move |request: Request| {
        let site = if request.uri().path().starts_with("/api/") { api.clone() } else { pages.clone() };
        site.oneshot(request)
    })
}

/// Where this process reaches its own API: on loopback, where it listens everywhere.
fn own_address(listening: SocketAddr) -> SocketAddr {
    if listening.ip().is_unspecified() {
        SocketAddr::from((Ipv4Addr::LOCALHOST, listening.port()))
    } else {
        listening
    }
}

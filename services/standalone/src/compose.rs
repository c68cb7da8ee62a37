//! Every service put together in one process.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;

use anyhow::Context as _;
use axum::Router;
use axum::extract::Request;
use tower::ServiceExt as _;
use twostep_client::Client;
use twostep_domain::company::Texting;
use twostep_installation::{Foundation, check_ports};
use twostep_runtime::test_clock::ProcessClock;
use twostep_runtime::{Profile, Stop, listen};

use crate::delivery;
use crate::settings::Settings;

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
    check_ports(settings.http.listen, settings.admin.listen)?;
    let site = twostep_web::Config::new(settings.public_url.clone(), *profile, clock.shared())?
        .with_trusted_proxies(settings.http.trusted_proxies.clone());
    let channels = delivery::channels(&settings, *profile, &clock.shared())?;
    let web = listen::bind("http.listen", settings.http.listen).await?;
    let admin = listen::bind("admin.listen", settings.admin.listen).await?;
    let web_address = web.local_addr()?;

    let foundation = Foundation::open(data, *profile, &settings.keys)?;
    let texting = if settings.sms.is_some() { Texting::Possible } else { Texting::Impossible };
    let delivery = delivery::start(channels, &settings, &foundation, &clock.shared(), stop)?;
    // The pages are the API's proxy: their word on whose browser asks counts, whatever else is trusted.
    let pages = own_address(web_address);
    let trusted_proxies = [settings.http.trusted_proxies, vec![pages.ip().to_canonical()]].concat();
    let use_cases = twostep_commands::Settings { public_url: settings.public_url.to_string(), texting };
    let service =
        twostep_installation::Running::start(foundation, delivery, use_cases, trusted_proxies, &clock, stop)
            .await?;
    let client =
        Client::new(format!("http://{pages}/").parse()?).context("setting up the pages' way to the API")?;
    let public = by_path(service.service.api(), twostep_web::router(site, client));
    let admin = service.watch(admin, &clock, stop)?;
    let operator = service.operator.clone();
    service.caught_up(stop).await;
    stop.spawn("web", listen::serve(web, public, stop.clone()));
    Ok(Running { web: web_address, admin, operator })
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

//! From settings to running pages.

use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;

use anyhow::Context as _;
use clap::Args;
use serde::Deserialize;
use twostep_client::Client;
use twostep_runtime::admin::Admin;
use twostep_runtime::config::{self, Layers, load};
use twostep_runtime::telemetry::{self, Format};
use twostep_runtime::test_clock::ProcessClock;
use twostep_runtime::{Profile, Stop, listen};
use twostep_web::Config;
use url::Url;

/// What the program is started with.
#[derive(Args)]
#[group(skip)]
pub(crate) struct Arguments {
    /// The settings file; the environment (`TWOSTEP_API__URL=…`) goes before it.
    #[arg(long, env = "TWOSTEP_CONFIG")]
    config: Option<PathBuf>,
    /// What it is run for.
    #[arg(long, value_enum, default_value_t = Profile::Production, env = "TWOSTEP_PROFILE")]
    profile: Profile,
    /// Lets the admin port move the clock; for tests, refused in production.
    #[arg(long)]
    test_clock: bool,
    /// What is logged: a level, or levels by part.
    #[arg(long, env = "TWOSTEP_LOG", default_value = "info")]
    log: String,
    /// How it is logged; pretty on a terminal, else JSON.
    #[arg(long, value_enum, env = "TWOSTEP_LOG_FORMAT")]
    log_format: Option<Format>,
}

/// All settings.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Settings {
    /// Where people reach the pages.
    public_url: Url,
    /// The pages' port.
    http: Http,
    /// The admin port.
    admin: Listen,
    /// The API.
    api: Api,
}

/// The pages' port.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Http {
    /// Where it listens.
    listen: SocketAddr,
    /// Proxies whose `X-Forwarded-For` is believed.
    trusted_proxies: Vec<IpAddr>,
}

/// A port.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Listen {
    /// Where it listens.
    listen: SocketAddr,
}

/// The API.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Api {
    /// Where it is.
    url: Url,
}

impl config::Settings for Settings {
    const DEFAULTS: &'static str = r"
[http]
listen = '127.0.0.1:8420'
trusted_proxies = ['127.0.0.1', '::1']

[admin]
listen = '127.0.0.1:8421'

[api]
url = 'http://127.0.0.1:8400/'
";
    const SECRETS: &'static [&'static str] = &[];
}

/// Serves the pages until the program is told to stop.
pub(crate) async fn run(arguments: Arguments) -> anyhow::Result<()> {
    let Arguments { config, profile, test_clock, log, log_format } = arguments;
    telemetry::init(log_format.unwrap_or_else(Format::for_stderr), &log)?;
    let stop = Stop::on_signals()?;
    let loaded = load::<Settings>(Layers::from_process().file(config))?;
    for warning in &loaded.warnings {
        tracing::warn!("{warning}");
    }
    let Settings { public_url, http, admin, api } = loaded.settings;
    let clock = ProcessClock::choose(profile, test_clock)?;
    profile.check_listen("http.listen", http.listen)?;
    profile.check_listen("admin.listen", admin.listen)?;
    let site = Config::new(public_url, profile, clock.shared())?.with_trusted_proxies(http.trusted_proxies);
    let client = Client::new(api.url).context("setting up the way to the API")?;
    let pages = listen::bind("http.listen", http.listen).await?;
    let admin = listen::bind("admin.listen", admin.listen).await?;
    let (web, watched) = (pages.local_addr()?, admin.local_addr()?);
    stop.spawn("admin", listen::serve(admin, clock.add_route(Admin::new().router()), stop.clone()));
    stop.spawn("web", listen::serve(pages, twostep_web::router(site, client), stop.clone()));
    tracing::info!(%web, admin = %watched, "ready");
    stop.requested().await;
    Ok(stop.finish().await?)
}

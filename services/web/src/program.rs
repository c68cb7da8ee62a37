//! From settings to running pages.

use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context as _;
use clap::Args;
use serde::Deserialize;
use twostep_client::Client;
use twostep_runtime::admin::Admin;
use twostep_runtime::config::{self, Checked, Judged, Layers, Printed, load};
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
    /// Says whether it would start with these settings, and everything that is in the way; starts nothing.
    #[arg(long, value_enum, value_name = "FORMAT", num_args = 0..=1, require_equals = true, default_missing_value = "text")]
    check: Option<Printed>,
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
pub(crate) async fn run(arguments: Arguments) -> anyhow::Result<ExitCode> {
    let Arguments { config, profile, check, test_clock, log, log_format } = arguments;
    telemetry::init(log_format.unwrap_or_else(Format::for_stderr), &log)?;
    let layers = Layers::from_process().file(config);
    if let Some(printed) = check {
        return Ok(Checked::of(layers, |settings| judge(settings, profile)).print(profile, printed)?);
    }
    let stop = Stop::on_signals()?;
    let loaded = load::<Settings>(layers)?;
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
    let asked = client.clone();
    let readiness = Admin::new().check("the API", move || {
        let asked = asked.clone();
        async move { asked.reach().await }
    });
    stop.spawn("admin", listen::serve(admin, clock.add_route(readiness.router()), stop.clone()));
    stop.spawn("web", listen::serve(pages, twostep_web::router(site, client), stop.clone()));
    tracing::info!(%web, admin = %watched, "ready");
    stop.requested().await;
    stop.finish().await?;
    Ok(ExitCode::SUCCESS)
}

/// Everything that would keep these settings from starting, as far as it shows without the network.
fn judge(settings: Settings, profile: Profile) -> Judged {
    let Settings { public_url, http, admin, api } = settings;
    let mut judged = Judged::default();
    judged.add("public_url", profile.check_public_url(&public_url));
    judged.add("http", profile.check_listen("http.listen", http.listen));
    judged.add("admin", profile.check_listen("admin.listen", admin.listen));
    judged.add("api", Client::new(api.url).map(drop));
    judged
}

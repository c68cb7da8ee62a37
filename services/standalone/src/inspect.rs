//! `config check` and `config show`: what an installation is set to, without starting it.

use std::io::{ErrorKind, Write as _};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::Context as _;
use clap::{Args, Subcommand};
use serde_json::json;
use twostep_clock::{SharedClock, SystemClock};
use twostep_email_channel::EmailChannel;
use twostep_event_store_sqlite::{OpenError, SqliteReader};
use twostep_installation::{check_ports, keys};
use twostep_runtime::Profile;
use twostep_runtime::config::{Checked, Effective, Judged, Layers, Printed, Survey, survey};
use twostep_runtime::telemetry::TelemetryError;
use twostep_sms_channel::SmsChannel;

use crate::say_why;
use crate::settings::Settings;

/// Settings.
#[derive(Subcommand)]
pub(crate) enum Config {
    /// Says whether an installation would start with these settings, and everything that is in the way.
    Check(Check),
    /// Prints every setting and where it comes from, and what can't be read; secrets are never shown.
    Show(Show),
}

/// What to check.
#[derive(Args)]
pub(crate) struct Check {
    /// The settings file; the environment goes before it.
    #[arg(long, env = "TWOSTEP_CONFIG")]
    config: Option<PathBuf>,
    /// The data directory, where there is one already.
    #[arg(long, env = "TWOSTEP_DATA")]
    data: Option<PathBuf>,
    /// What it is to be run for.
    #[arg(long, value_enum, default_value_t = Profile::Production, env = "TWOSTEP_PROFILE")]
    profile: Profile,
    /// How the result is printed.
    #[arg(long, value_enum, default_value_t = Printed::Text)]
    output: Printed,
}

/// What to show.
#[derive(Args)]
pub(crate) struct Show {
    /// The settings file; the environment goes before it.
    #[arg(long, env = "TWOSTEP_CONFIG")]
    config: Option<PathBuf>,
    /// Leaves secrets out; they are left out without it, too.
    #[arg(long)]
    redacted: bool,
    /// How the settings are printed.
    #[arg(long, value_enum, default_value_t = Printed::Text)]
    output: Printed,
}

/// Carries the command out. The exit code of a check is 1 where something is in the way.
pub(crate) fn run(command: Config, logging: Option<TelemetryError>) -> anyhow::Result<ExitCode> {
    match command {
        Config::Show(command) => show(command, logging),
        Config::Check(command) => check(command, logging),
    }
}

fn show(
    Show { config, redacted: _, output }: Show,
    logging: Option<TelemetryError>,
) -> anyhow::Result<ExitCode> {
    let Survey { effective, faults, .. } = survey::<Settings>(Layers::from_process().file(config));
    if let Some(effective) = effective {
        print(&effective, output)?;
    }
    let whole = faults.is_empty() && logging.is_none();
    let logging = logging.map(anyhow::Error::from);
    for fault in faults.into_iter().map(anyhow::Error::from).chain(logging) {
        say_why(&fault);
    }
    Ok(if whole { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn print(effective: &Effective, output: Printed) -> anyhow::Result<()> {
    let mut out = std::io::stdout();
    if output == Printed::Text {
        return Ok(write!(out, "{effective}")?);
    }
    let mut settings = serde_json::Map::new();
    for (name, value, source) in effective.entries() {
        let told = json!({ "value": value, "source": source, "secret": value.is_none() });
        settings.insert(name.to_owned(), told);
    }
    Ok(writeln!(out, "{}", serde_json::Value::from(settings))?)
}

fn check(
    Check { config, data, profile, output }: Check,
    logging: Option<TelemetryError>,
) -> anyhow::Result<ExitCode> {
    let layers = Layers::from_process().file(config);
    let checked = Checked::of(layers, |settings: Settings| in_the_way(&settings, profile, data.as_deref()));
    let logging = logging.map(|why| format!("{:#}", anyhow::Error::from(why)));
    Ok(checked.with(logging).print(profile, output)?)
}

/// Everything that would keep these settings from starting, as far as it shows without the network.
fn in_the_way(settings: &Settings, profile: Profile, data: Option<&Path>) -> Judged {
    let clock: SharedClock = Arc::new(SystemClock);
    let email = EmailChannel::new(settings.email.clone(), profile, clock.clone());
    let sms = settings.texting().map_or(Ok(()), |sms| SmsChannel::new(sms, profile, &clock).map(drop));
    let mut judged = Judged::default();
    judged.add("http", profile.check_listen("http.listen", settings.http.listen));
    judged.add("admin", profile.check_listen("admin.listen", settings.admin.listen));
    judged.add("http", check_ports(settings.http.listen, settings.admin.listen));
    judged.add("public_url", profile.check_public_url(&settings.public_url));
    judged.add("email", email.map(drop));
    judged.add("sms", sms);
    judged.add("sms", settings.webhooks().map(drop));
    judged.add("texts", settings.texts.clone().limits().map(drop));
    if let Some(data) = data {
        judged.add("data", profile.check_directory(data));
        judged.add("data", writable(data));
        judged.add("log", log(data));
        judged.warnings.extend(Profile::open_directory(data));
    }
    judged.add("keys", keys::judge(&settings.keys, data));
    let (unheard, unsure) = unheard(settings);
    judged.problems.extend(unheard.into_iter().map(|problem| ("", problem)));
    judged.warnings.extend(unsure);
    judged
}

/// What keeps the addresses from being listened on: an address that this machine doesn't have is in the way of any start.
/// A port that somebody has may be this installation's own, running; a port that the user who asks may not take may be for
/// the one that the service runs as to take.
fn unheard(settings: &Settings) -> (Vec<String>, Vec<String>) {
    let (mut problems, mut warnings) = (Vec::new(), Vec::new());
    for (name, address) in [("http.listen", settings.http.listen), ("admin.listen", settings.admin.listen)] {
        let Err(error) = TcpListener::bind(address) else { continue };
        match error.kind() {
            ErrorKind::AddrInUse => warnings.push(format!(
                "{name}: {address} is in use: unless this installation runs already, it would not start"
            )),
            ErrorKind::PermissionDenied => warnings.push(format!(
                "{name}: the user who runs this check may not listen on {address}: ports below 1024 want a right"
            )),
            ErrorKind::AddrNotAvailable => {
                problems.push(format!("{name}: no interface of this machine has the address {}", address.ip()));
            }
            _ => problems.push(format!("{name}: listening on {address} failed: {error}")),
        }
    }
    (problems, warnings)
}

/// Whether there is right and room to write in the data directory, where there is one; the file that is tried has no name.
fn writable(data: &Path) -> anyhow::Result<()> {
    if !data.is_dir() {
        return Ok(());
    }
    tempfile::tempfile_in(data)
        .and_then(|mut file| file.write_all(&[0; 4096]).and_then(|()| file.sync_all()))
        .with_context(|| format!("{} can't be written by the user who runs this check", data.display()))
}

/// Whether the log can be read, where there is one.
fn log(data: &Path) -> anyhow::Result<()> {
    match SqliteReader::open(data.join("log.db")) {
        Ok(_) | Err(OpenError::Missing { .. }) => Ok(()),
        Err(error) => Err(error.into()),
    }
}

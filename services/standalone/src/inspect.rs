//! `config check` and `config show`: what an installation is set to, without starting it.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::Context as _;
use clap::{Args, Subcommand};
use twostep_clock::{SharedClock, SystemClock};
use twostep_email_worker::EmailChannel;
use twostep_runtime::Profile;
use twostep_runtime::config::{Layers, Loaded, load};
use twostep_sms_worker::SmsChannel;

use crate::keys;
use crate::settings::Settings;

/// Settings.
#[derive(Subcommand)]
pub(crate) enum Config {
    /// Says whether an installation would start with these settings, and everything that is in the way.
    Check(Check),
    /// Prints every setting and where it comes from; secrets are never shown.
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
}

/// Carries the command out. The exit code of a check is 1 where something is in the way.
pub(crate) fn run(command: Config) -> anyhow::Result<ExitCode> {
    let mut out = std::io::stdout();
    match command {
        Config::Show(Show { config, redacted: _ }) => {
            let Loaded { effective, .. } = load::<Settings>(Layers::from_process().file(config))?;
            write!(out, "{effective}")?;
            Ok(ExitCode::SUCCESS)
        }
        Config::Check(Check { config, data, profile }) => {
            let Loaded { settings, .. } = load::<Settings>(Layers::from_process().file(config))?;
            let problems = problems(&settings, profile, data.as_deref());
            for problem in &problems {
                writeln!(out, "{problem:#}")?;
            }
            if problems.is_empty() {
                writeln!(out, "the settings fit the {profile} profile")?;
                return Ok(ExitCode::SUCCESS);
            }
            Ok(ExitCode::FAILURE)
        }
    }
}

/// Everything that would keep these settings from starting, as far as it shows without ports and network.
fn problems(settings: &Settings, profile: Profile, data: Option<&Path>) -> Vec<anyhow::Error> {
    let clock: SharedClock = Arc::new(SystemClock);
    let mut checks = vec![
        profile.check_listen("http.listen", settings.http.listen).map_err(Into::into),
        profile.check_listen("admin.listen", settings.admin.listen).map_err(Into::into),
        twostep_web::Config::new(settings.public_url.clone(), profile, clock.clone())
            .map(drop)
            .context("public_url"),
        EmailChannel::new(settings.email.clone(), profile, clock.clone()).map(drop).context("email"),
        data.map_or(Ok(()), |data| profile.check_directory(data)).context("data"),
        keys::judge(&settings.keys, data).context("keys"),
    ];
    if let Some(sms) = &settings.sms {
        checks.push(SmsChannel::new(sms.clone(), profile, &clock).map(drop).context("sms"));
    }
    if settings.delivery.concurrency == 0 {
        checks.push(Err(anyhow::anyhow!("delivery.concurrency is 0: no message would ever leave")));
    }
    checks.into_iter().filter_map(Result::err).collect()
}

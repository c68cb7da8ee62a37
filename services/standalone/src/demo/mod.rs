//! The demo: a company of its own on this machine, and an inbox in place of the world.

mod banner;

use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context as _, ensure};
use clap::Args;
use twostep_clock::SystemClock;
use twostep_demo_company::{Credentials, Seed};
use twostep_dev_inbox::Running;
use twostep_event_store_sqlite::WriterLock;
use twostep_runtime::config::{Layers, load};
use twostep_runtime::{MARKER, Profile, Stop};

use crate::compose::{self, Installation};
use crate::settings::Settings;

/// The demo's master key, beside its data directory.
const MASTER_KEY: &str = "demo-master-key";

/// The demo.
#[derive(Args)]
pub(crate) struct Demo {
    /// Where the demo's data lie: in the folder `demo` in there, with the file `demo-master-key` beside it.
    #[arg(long, default_value = ".data", env = "TWOSTEP_DATA")]
    data: PathBuf,
    /// Forgets everything and starts anew.
    #[arg(long)]
    reset: bool,
    /// The port of the web pages, 1 to 65533; the admin port and the inbox take the next two.
    #[arg(long, default_value_t = 8400, value_parser = clap::value_parser!(u16).range(1..=65_533))]
    port: u16,
}

/// Runs the demo until it is stopped.
pub(crate) async fn run(demo: Demo) -> anyhow::Result<()> {
    let stop = Stop::on_signals()?;
    let home = demo.data;
    let data = home.join("demo");
    among_nobodys(&home)?;
    if demo.reset {
        forget(&home, &data)?;
    }
    std::fs::create_dir_all(&home).with_context(|| format!("making {}", home.display()))?;
    let at = |offset: u16| SocketAddr::from((Ipv4Addr::LOCALHOST, demo.port + offset));
    let inbox_config = twostep_dev_inbox::Config { http: at(2), ..twostep_dev_inbox::Config::default() };
    let inbox = twostep_dev_inbox::start(inbox_config, Arc::new(SystemClock))
        .await
        .context("starting the inbox (another demo may be running: stop it, or choose another --port)")?;
    let settings = settings(&home, at(0), at(1), &inbox)?;
    let installation = Installation { profile: Profile::Demo, data: data.clone(), test_clock: false };
    let running = compose::start(settings, &installation, &stop).await?;
    let credentials = match Credentials::read(&data)? {
        Some(credentials) => credentials,
        None => {
            let seed = Seed::new(running.web, inbox.http_addr, running.operator.clone());
            tokio::select! {
                seeded = seed.run() => {
                    let credentials = seeded.context("making the demo company (start again with --reset)")?;
                    credentials.write(&data)?;
                    credentials
                }
                () = stop.requested() => return Ok(stop.finish().await?),
            }
        }
    };
    banner::show(&running, inbox.http_addr, &credentials, &data, &home.join(MASTER_KEY));
    stop.requested().await;
    inbox.shutdown.cancel();
    Ok(stop.finish().await?)
}

/// Refuses a directory that is itself somebody's data: those are backed up and handed over as they are.
fn among_nobodys(home: &Path) -> anyhow::Result<()> {
    let theirs = [MARKER, "log.db"].iter().any(|name| home.join(name).exists());
    ensure!(
        !theirs,
        "{} holds an installation's data: a demo lies elsewhere, name another directory with --data",
        home.display()
    );
    Ok(())
}

/// Everything on loopback, mails and texts to the inbox.
fn settings(home: &Path, web: SocketAddr, admin: SocketAddr, inbox: &Running) -> anyhow::Result<Settings> {
    let layers = Layers::new()
        .flag("public_url", Some(format!("http://{web}/")))
        .flag("http.listen", Some(web.to_string()))
        .flag("admin.listen", Some(admin.to_string()))
        .flag("keys.master_path", Some(home.join(MASTER_KEY).display().to_string()))
        .flag("email.from", Some("no-reply@demo.example"))
        .flag("email.host", Some("demo.example"))
        .flag("email.relays.inbox.host", Some(inbox.smtp_addr.ip().to_string()))
        .flag("email.relays.inbox.port", Some(i64::from(inbox.smtp_addr.port())))
        .flag("email.relays.inbox.security", Some("plain-loopback-demo"))
        .flag("sms.providers.inbox.statuses", Some(true))
        .flag("sms.providers.inbox.twilio.base", Some(format!("http://{}/", inbox.http_addr)))
        .flag("sms.providers.inbox.twilio.account", Some("ACdemo"))
        .flag("sms.providers.inbox.twilio.token", Some("the inbox takes any token"))
        .flag("sms.providers.inbox.twilio.from", Some("Rescue"));
    Ok(load::<Settings>(layers)?.settings)
}

/// Deletes the demo's own files, and nothing that isn't marked as a demo's or that a running one uses.
fn forget(home: &Path, data: &Path) -> anyhow::Result<()> {
    if !data.exists() {
        return forget_key(home);
    }
    Profile::Demo.claim(data).context("--reset deletes the data of a demo only")?;
    let lock = WriterLock::take(&data.join("log.db")).context("--reset deletes no data that are in use")?;
    let kept = [lock.file(), data.join(MARKER)];
    let entries = std::fs::read_dir(data).with_context(|| format!("reading {}", data.display()))?;
    for entry in entries {
        let path = entry.with_context(|| format!("reading {}", data.display()))?.path();
        // Whoever finds the directory meanwhile is to find whose it is, and that it is in use.
        if !kept.contains(&path) {
            let gone =
                if path.is_dir() { std::fs::remove_dir_all(&path) } else { std::fs::remove_file(&path) };
            gone.with_context(|| format!("deleting {}", path.display()))?;
        }
    }
    forget_key(home)
}

fn forget_key(home: &Path) -> anyhow::Result<()> {
    match std::fs::remove_file(home.join(MASTER_KEY)) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(error).context("deleting the demo's master key")
        }
        _ => Ok(()),
    }
}

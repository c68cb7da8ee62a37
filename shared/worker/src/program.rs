//! From settings to a running worker.

use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::Context as _;
use twostep_clock::{SharedClock, SystemClock};
use twostep_delivery::{ChannelKeys, Claims, Reporter, Submit, Worker, seeded_jitter};
use twostep_delivery_nats::{NatsQueue, Role};
use twostep_domain::delivery::Channel;
use twostep_runtime::admin::Admin;
use twostep_runtime::config::{self, Checked, Judged, Layers, load};
use twostep_runtime::telemetry::{self, Format};
use twostep_runtime::test_clock::ProcessClock;
use twostep_runtime::{Profile, Stop, listen, tls};

use crate::fail_point::Dying;
use crate::metrics::{Breakers, Measured, Metrics};
use crate::{Arguments, Common, name};

/// A channel's settings, and the channel that they make.
pub trait Program: config::Settings {
    /// Which channel.
    const CHANNEL: Channel;

    /// What every worker is set to.
    fn common(&self) -> Common;

    /// Makes the channel; nothing is asked of a provider yet.
    ///
    /// # Errors
    /// The settings don't fit.
    fn make(self, profile: Profile, clock: &SharedClock) -> anyhow::Result<Out>;
}

/// A worker's way out, and what it works with.
pub struct Out {
    /// The channel.
    pub submit: Arc<dyn Submit>,
    /// A view of its providers.
    pub breakers: Breakers,
}

/// Runs a worker until it is told to stop; on failure says why on standard error.
pub async fn run<P: Program>(arguments: Arguments) -> ExitCode {
    tls::install();
    match work::<P>(arguments).await {
        Ok(code) => code,
        Err(error) => {
            say_why(&error);
            ExitCode::FAILURE
        }
    }
}

async fn work<P: Program>(arguments: Arguments) -> anyhow::Result<ExitCode> {
    telemetry::init(arguments.log_format.unwrap_or_else(Format::for_stderr), &arguments.log)?;
    let (layers, profile, at) = (arguments.layers(), arguments.profile, arguments.fail_point);
    if let Some(printed) = arguments.check {
        return Ok(check::<P>(layers, profile).print(profile, printed)?);
    }
    let stop = Stop::on_signals()?;
    let loaded = load::<P>(layers)?;
    for warning in &loaded.warnings {
        tracing::warn!("{warning}");
    }
    let clock = ProcessClock::choose(profile, arguments.test_clock)?;
    let common = loaded.settings.common();
    let Out { submit, breakers } = loaded.settings.make(profile, &clock.shared())?;
    profile.check_listen("admin.listen", common.admin.listen)?;
    common.nats.check(profile == Profile::Production)?;
    let keys = ChannelKeys::from_text(P::CHANNEL, common.channel_key.expose()).context("channel_key")?;
    let admin = listen::bind("admin.listen", common.admin.listen).await?;
    let address = admin.local_addr()?;
    let (name, drawn) = name::draw(P::CHANNEL)?;
    let queue = NatsQueue::connect(&common.nats, Role::Worker(P::CHANNEL), &name, clock.shared()).await?;
    let metrics = Metrics::new(P::CHANNEL, breakers);
    let (watched, measured) = (queue.clone(), metrics.clone());
    let readiness = Admin::new()
        .check("NATS", move || {
            let queue = watched.clone();
            async move { queue.serves(P::CHANNEL).await }
        })
        .metrics(move || measured.render());
    stop.spawn("admin", listen::serve(admin, clock.add_route(readiness.router()), stop.clone()));
    let queue = Arc::new(queue);
    let out = Arc::new(Measured { out: submit, metrics, clock: clock.shared() });
    let worker = Arc::new(Worker {
        channel: P::CHANNEL,
        name,
        keys,
        consumer: queue.clone(),
        claims: Arc::new(Dying::<dyn Claims> { port: queue.clone(), at }),
        reporter: Arc::new(Dying::<dyn Reporter> { port: queue, at }),
        out: Arc::new(Dying::<dyn Submit> { port: out, at }),
        clock: clock.shared(),
        jitter: seeded_jitter(drawn),
    });
    stop.spawn("worker", worker.run(common.delivery.concurrency, stop.token()));
    tracing::info!(admin = %address, "ready");
    stop.requested().await;
    stop.finish().await?;
    Ok(ExitCode::SUCCESS)
}

/// Whether the worker would start with its settings, as far as that shows without the network.
fn check<P: Program>(layers: Layers, profile: Profile) -> Checked {
    Checked::of(layers, |settings: P| {
        let mut judged = Judged::default();
        let Common { admin, nats, channel_key, delivery: _ } = settings.common();
        judged.add("admin", profile.check_listen("admin.listen", admin.listen));
        judged.add("nats", nats.check(profile == Profile::Production));
        let keys = ChannelKeys::from_text(P::CHANNEL, channel_key.expose());
        judged.add("channel_key", keys.map(drop));
        let clock: SharedClock = Arc::new(SystemClock);
        judged.add(P::CHANNEL.as_str(), settings.make(profile, &clock).map(drop));
        judged
    })
}

/// The reason in words, each cause on a line of its own.
#[allow(
    clippy::print_stderr,
    reason = "the last words of a program that can't go on, also where logging failed"
)]
fn say_why(error: &anyhow::Error) {
    let called = std::env::args_os().next();
    let name = called.as_deref().map(Path::new).and_then(Path::file_name).unwrap_or_default();
    eprintln!("{}: {error}", name.display());
    for cause in error.chain().skip(1) {
        eprintln!("  because: {cause}");
    }
}

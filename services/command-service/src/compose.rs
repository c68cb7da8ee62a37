//! The service over its log, with the queue in NATS.

use std::path::Path;
use std::sync::Arc;

use anyhow::Context as _;
use twostep_delivery_nats::{Lag, Lease, NatsQueue, Role};
use twostep_domain::company::Texting;
use twostep_installation::{Delivery, Foundation, Running, check_ports};
use twostep_runtime::test_clock::ProcessClock;
use twostep_runtime::{Profile, Stop, listen};

use crate::settings::Settings;

/// Starts everything; it ends with `stop`.
pub(crate) async fn start(
    settings: Settings,
    profile: Profile,
    data: &Path,
    test_clock: bool,
    stop: &Stop,
) -> anyhow::Result<()> {
    let Settings { public_url, http, admin, keys, nats, texts, webhooks, delivery } = settings;
    let clock = ProcessClock::choose(profile, test_clock)?;
    // Before the settings, which may fit the other profile's data: whose they are is the greater mistake.
    profile.check_directory(data)?;
    profile.check_public_url(&public_url)?;
    profile.check_listen("http.listen", http.listen)?;
    profile.check_listen("admin.listen", admin.listen)?;
    check_ports(http.listen, admin.listen)?;
    nats.check(profile == Profile::Production)?;
    let queue =
        NatsQueue::connect(&nats, Role::Service, "command-service", clock.shared()).await.context("nats")?;
    let api = listen::bind("http.listen", http.listen).await?;
    let admin = listen::bind("admin.listen", admin.listen).await?;
    let api_address = api.local_addr()?;

    let foundation = Foundation::open(data, profile, &keys)?;
    let texting = if delivery.sms { Texting::Possible } else { Texting::Impossible };
    let use_cases = twostep_commands::Settings { public_url: public_url.to_string(), texting };
    let lease = Arc::new(Lease::new(queue.clone(), place(data)));
    let (keeps, stopped) = (lease.clone(), stop.token());
    stop.spawn("lease", async move { keeps.keep(stopped).await });
    let (buries, stopped) = (queue.clone(), stop.token());
    stop.spawn("burials", async move { buries.bury_worn_out(stopped).await });
    let lag = Arc::new(Lag::new(queue.clone()));
    let (keeps, stopped) = (lag.clone(), stop.token());
    stop.spawn("lag", async move { keeps.keep(stopped).await });
    let queue = Arc::new(queue);
    let delivery = Delivery {
        publisher: queue.clone(),
        reports: queue,
        leadership: lease,
        // What is said later stays with the broker, for the next start.
        silence: stop.token(),
        // The workers call providers, and say in their own metrics how those do.
        breakers: Box::new(Vec::new),
        waiting: Box::new(move || lag.seen()),
        texts: texts.limits()?,
        webhooks,
    };
    let running = Running::start(foundation, delivery, use_cases, http.trusted_proxies, &clock, stop).await?;
    let service = running.service.clone();
    let admin = running.watch(admin, &clock, stop)?;
    running.caught_up(stop).await;
    stop.spawn("api", listen::serve(api, service.api(), stop.clone()));
    tracing::info!(api = %api_address, %admin, "ready");
    Ok(())
}

/// The place of this process: one at a time has it, by the log's lock, and whoever comes back after a crash need not wait for
/// its own lease to end.
fn place(data: &Path) -> String {
    let host = std::fs::read_to_string("/proc/sys/kernel/hostname").unwrap_or_default();
    let data = std::path::absolute(data).unwrap_or_else(|_| data.to_owned());
    format!("{}:{}", host.trim(), data.display())
}

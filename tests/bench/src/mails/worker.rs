//! The worker in this process, over the queue in memory.

use std::num::{NonZeroU16, NonZeroU32, NonZeroUsize};
use std::sync::Arc;

use anyhow::Context as _;
use tokio_util::sync::CancellationToken;
use twostep_clock::SystemClock;
use twostep_delivery::{Publisher as _, Reports as _, Worker, seeded_jitter};
use twostep_delivery_local::{Limits, LocalQueue};
use twostep_domain::delivery::Channel;
use twostep_email_channel::{Config, EmailChannel, Relay, SmtpSecurity};
use twostep_runtime::Profile;

use super::far_end::FarEnd;
use super::{MAILS, keys, requests, steady};

/// Mails in a second.
pub(super) async fn rate(far_end: &FarEnd, connections: usize) -> anyhow::Result<f64> {
    far_end.clear();
    let clock: twostep_clock::SharedClock = Arc::new(SystemClock);
    let queue = LocalQueue::new(clock.clone(), Limits { share: connections, ..Limits::default() });
    for request in requests(MAILS) {
        queue.publish(&request).await?;
    }
    let connections = NonZeroUsize::new(connections).context("no connection")?;
    let relay = Relay {
        rank: 0,
        host: "127.0.0.1".to_owned(),
        port: NonZeroU16::new(far_end.port).context("no port")?,
        security: SmtpSecurity::PlainLoopbackDemo,
        ca_path: None,
        username: None,
        password: None,
        connections,
        timeout_seconds: NonZeroU32::MIN.saturating_add(9),
    };
    let config = Config {
        from: "no-reply@bench.example".to_owned(),
        host: "mail.bench.example".to_owned(),
        relays: [("far-end".to_owned(), relay)].into(),
        breaker_failures: NonZeroU32::MIN.saturating_add(4),
        breaker_seconds: NonZeroU32::MIN.saturating_add(29),
    };
    let worker = Worker {
        channel: Channel::Email,
        name: "bench".to_owned(),
        keys: keys(),
        consumer: Arc::new(queue.clone()),
        claims: Arc::new(queue.clone()),
        reporter: Arc::new(queue.clone()),
        out: Arc::new(EmailChannel::new(config, Profile::Demo, clock.clone())?),
        clock,
        jitter: seeded_jitter(1),
    };
    let stop = CancellationToken::new();
    let working = tokio::spawn(Arc::new(worker).run(connections, stop.clone()));
    // What the service does with a worker's word, without the log.
    let hearing = tokio::spawn(async move {
        while let Ok(report) = queue.next().await {
            let _ = report.acknowledge().await;
        }
    });
    let arrivals = far_end.arrivals(MAILS).await;
    stop.cancel();
    working.await?;
    hearing.abort();
    steady(&arrivals?)
}

//! The worker as a program of its own, over NATS.

use std::process::Command;
use std::sync::Arc;

use anyhow::{Context as _, ensure};
use futures::{StreamExt as _, TryStreamExt as _, stream};
use twostep_clock::SystemClock;
use twostep_delivery::Publisher as _;
use twostep_delivery_nats::{NatsConnection, NatsQueue, Role, Sizes, connect};
use twostep_tests::harness::{Child, Nats, program};

use super::far_end::FarEnd;
use super::{MAILS, key_text, requests, steady};
use crate::row::Side;
use crate::spent::Meter;

/// Messages on their way to the broker at once.
const AT_ONCE: usize = 64;

/// Mails in a second, of a worker with so many mails in hand and connections.
pub(super) async fn rate(far_end: &FarEnd, connections: usize) -> anyhow::Result<Side> {
    far_end.clear();
    let home = tempfile::tempdir()?;
    let nats = Nats::start(&home.path().join("nats"))?;
    let provisioned =
        Command::new(program("twostep")?).args(["provision", "--nats-url", &nats.url()]).output()?;
    ensure!(provisioned.status.success(), "{}", String::from_utf8_lossy(&provisioned.stderr));
    let to = NatsConnection { url: nats.url(), role: Role::Service, ..NatsConnection::default() };
    let queue = NatsQueue::new(connect(&to).await?, Arc::new(SystemClock), Sizes::default());
    let queue = &queue;
    stream::iter(requests(MAILS))
        .map(|request| async move { queue.publish(&request).await.context("publishing") })
        .buffer_unordered(AT_ONCE)
        .try_collect::<()>()
        .await?;
    let key = home.path().join("channel-key");
    std::fs::write(&key, key_text())?;
    let mut command = Command::new(program("twostep-email-worker")?);
    command
        .args(["--log-format", "json", "--log", "warn,twostep_worker=info", "--profile", "demo"])
        .args(["--admin-listen", "127.0.0.1:0"])
        .env("TWOSTEP_NATS__URL", nats.url())
        .env("TWOSTEP_CHANNEL_KEY_FILE", &key)
        .env("TWOSTEP_DELIVERY__CONCURRENCY", connections.to_string())
        .env("TWOSTEP_EMAIL__FROM", "no-reply@bench.example")
        .env("TWOSTEP_EMAIL__HOST", "mail.bench.example")
        .env("TWOSTEP_EMAIL__RELAYS__INBOX__HOST", "127.0.0.1")
        .env("TWOSTEP_EMAIL__RELAYS__INBOX__PORT", far_end.port.to_string())
        .env("TWOSTEP_EMAIL__RELAYS__INBOX__SECURITY", "plain-loopback-demo")
        .env("TWOSTEP_EMAIL__RELAYS__INBOX__CONNECTIONS", connections.to_string());
    let (worker, _) = Child::start(command, |line| line.contains("\"message\":\"ready\""))?;
    let meter = Meter::of(&[worker.id()])?;
    let arrivals = far_end.arrivals(MAILS).await?;
    let spent = meter.read(u64::try_from(arrivals.len())?, u64::try_from(arrivals.len() - MAILS)?)?;
    Ok(Side { figure: steady(&arrivals)?, spent: Some(spent) })
}

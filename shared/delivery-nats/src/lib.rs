//! The JetStream queue: every port of delivery over NATS, for services and workers in processes of their own.
//!
//! Streams, consumers and buckets come from one [`Declaration`], made by [`provision()`] and by nothing else. JetStream
//! acknowledges before it syncs: the log is the authority, and what the queue loses is published again.

mod address;
mod burial;
mod challenges;
mod claims;
mod clocks;
mod connection;
mod consumer;
mod declaration;
mod desk;
#[cfg(test)]
mod document;
mod lag;
mod lane;
mod lease;
mod provision;
mod publisher;
mod reports;
mod server;
mod settings;
mod sizes;
mod trace;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use async_nats::jetstream::kv::Store;
use async_nats::jetstream::{self, Context};
use twostep_clock::SharedClock;
use twostep_delivery::QueueError;
use twostep_domain::delivery::{Channel, Urgency};

use crate::claims::Remembered;
use crate::clocks::Clocks;
use crate::declaration::{consumer_of, stream_of};
use crate::desk::Desk;
use crate::lane::Source;
use crate::server::Server;

pub use address::AddressError;
pub use connection::{ConnectError, Connected, NatsConnection, Role, connect};
pub use declaration::{Declaration, Sizes};
pub use lag::Lag;
pub use lease::Lease;
pub use provision::{Difference, ProvisionError, Provisioned, provision};
pub use settings::Nats;
pub use sizes::sizes;

/// What is put back at once waits this long: without a delay a message would burn its deliveries in milliseconds.
const SHORTEST: Duration = Duration::from_millis(20);

/// The queue; clones share it.
#[derive(Clone)]
pub struct NatsQueue {
    inner: Arc<Inner>,
}

struct Inner {
    jetstream: Context,
    connected: Connected,
    clock: SharedClock,
    sizes: Sizes,
    /// What a worker takes messages from, a channel each.
    desks: HashMap<Channel, Desk>,
    reports: Desk,
    worn_out: Desk,
    claims: Remembered,
    buckets: Mutex<HashMap<&'static str, (u64, Arc<Store>)>>,
}

impl NatsQueue {
    /// The queue behind a connection. Nothing is asked of the server yet, which need not be there.
    #[must_use]
    pub fn new(connected: Connected, clock: SharedClock, sizes: Sizes) -> Self {
        let mut jetstream = jetstream::new(connected.client().clone());
        jetstream.set_timeout(sizes.answer_within);
        let clocks = Clocks::new(Arc::clone(&clock));
        let server = Server { jetstream: jetstream.clone(), connected: connected.clone(), sizes, clocks };
        let source =
            |channel, urgency| Source { stream: stream_of(urgency), consumer: consumer_of(channel, urgency) };
        let desks = [Channel::Email, Channel::Sms].map(|channel| {
            let [urgent, notices] =
                [Urgency::Urgent, Urgency::Notice].map(|urgency| source(channel, urgency));
            (channel, Desk::new(server.clone(), urgent, Some(notices)))
        });
        let single = |stream, consumer: &str| {
            Desk::new(server.clone(), Source { stream, consumer: consumer.to_owned() }, None)
        };
        let reports = single(declaration::OUTCOMES, declaration::OUTCOMES_CONSUMER);
        let worn_out = single(declaration::WORN_OUT, declaration::WORN_OUT_CONSUMER);
        let desks = HashMap::from(desks);
        let (claims, buckets) = (Remembered::default(), Mutex::default());
        Self {
            inner: Arc::new(Inner {
                jetstream,
                connected,
                clock,
                sizes,
                desks,
                reports,
                worn_out,
                claims,
                buckets,
            }),
        }
    }

    /// Whether a worker of `channel` has something to take messages from.
    ///
    /// # Errors
    /// [`QueueError`]: the server isn't there, nothing was provisioned, the rights are missing, or a clock is wrong.
    pub async fn serves(&self, channel: Channel) -> Result<(), QueueError> {
        self.inner.desks[&channel].is_there().await
    }
}

impl Inner {
    /// A bucket: looked for once in a connection, as a server that was restarted may have another store.
    async fn bucket(&self, name: &'static str) -> Result<Arc<Store>, QueueError> {
        let connection = self.connected.generation();
        let known = self.buckets().get(name).filter(|(then, _)| *then == connection).cloned();
        if let Some((_, store)) = known {
            return Ok(store);
        }
        let found = self.jetstream.get_key_value(name).await;
        let store = found.map_err(|error| {
            self.unavailable(&format!("finding the bucket {name} (see twostep provision)"), error)
        })?;
        let store = Arc::new(store);
        self.buckets().insert(name, (connection, Arc::clone(&store)));
        Ok(store)
    }

    fn buckets(&self) -> MutexGuard<'_, HashMap<&'static str, (u64, Arc<Store>)>> {
        self.buckets.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What a failure of the server means.
    fn unavailable(&self, doing: &str, error: impl std::fmt::Display) -> QueueError {
        self.connected.unavailable(doing, error)
    }
}

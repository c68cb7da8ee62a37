//! The JetStream queue: every port of delivery over NATS, for services and workers in processes of their own.
//!
//! Streams, consumers and buckets come from one [`Declaration`], made by [`provision()`] and by nothing else. JetStream
//! acknowledges before it syncs: the log is the authority, and what the queue loses is published again.

mod burial;
mod challenges;
mod claims;
mod connection;
mod consumer;
mod declaration;
mod lag;
mod lane;
mod lease;
mod provision;
mod publisher;
mod reports;
mod settings;

use std::collections::HashMap;
use std::sync::Arc;

use async_nats::jetstream::{self, Context};
use tokio::sync::Mutex;
use twostep_clock::SharedClock;
use twostep_delivery::QueueError;
use twostep_domain::delivery::Channel;

use crate::lane::Lanes;

pub use connection::{ConnectError, Connected, NatsConnection, Role, connect};
pub use declaration::{Declaration, Sizes};
pub use lag::Lag;
pub use lease::Lease;
pub use provision::{Difference, ProvisionError, Provisioned, provision};
pub use settings::Nats;

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
    lanes: HashMap<Channel, Mutex<Lanes>>,
    reports: Mutex<lane::Lane>,
}

impl NatsQueue {
    /// The queue behind a connection. Nothing is asked of the server yet, which need not be there.
    #[must_use]
    pub fn new(connected: Connected, clock: SharedClock, sizes: Sizes) -> Self {
        let mut jetstream = jetstream::new(connected.client().clone());
        jetstream.set_timeout(sizes.answer_within);
        let lanes = [Channel::Email, Channel::Sms].map(|channel| (channel, Mutex::new(Lanes::of(channel))));
        let reports = Mutex::new(lane::Lane::new(declaration::OUTCOMES, declaration::OUTCOMES_CONSUMER));
        let lanes = HashMap::from(lanes);
        Self { inner: Arc::new(Inner { jetstream, connected, clock, sizes, lanes, reports }) }
    }

    /// Whether a worker of `channel` has something to take messages from.
    ///
    /// # Errors
    /// [`QueueError`]: the server isn't there, nothing was provisioned, or the rights are missing.
    pub async fn serves(&self, channel: Channel) -> Result<(), QueueError> {
        Lanes::of(channel).are_there(&self.inner).await
    }
}

impl Inner {
    /// A bucket; its handle is a name, and costs one question to the server.
    async fn bucket(&self, name: &'static str) -> Result<jetstream::kv::Store, QueueError> {
        let found = self.jetstream.get_key_value(name).await;
        found.map_err(|error| {
            self.unavailable(&format!("finding the bucket {name} (see twostep provision)"), error)
        })
    }

    /// What a failure of the server means: the refusal that it told beside it, where it told one.
    fn unavailable(&self, doing: &str, error: impl std::fmt::Display) -> QueueError {
        let reason = match self.connected.refusal() {
            Some(refusal) => format!("{doing}: {refusal}"),
            None => format!("{doing}: {error}"),
        };
        QueueError::Unavailable { reason }
    }
}

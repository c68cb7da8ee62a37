//! The settings `nats` of every program that uses the queue.

use std::num::NonZeroU32;
use std::path::PathBuf;
use std::time::Duration;

use serde::Deserialize;
use twostep_clock::SharedClock;

use crate::{ConnectError, NatsConnection, NatsQueue, Role, Sizes, connect};

/// Where the broker is, who we are there, and how long it waits.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Nats {
    /// The servers, comma separated: `nats://host:4222` or `tls://host:4222`.
    pub url: String,
    /// A file of NATS credentials (a user's JWT and seed).
    #[serde(default)]
    pub credentials_path: Option<PathBuf>,
    /// A file with an nkey's seed.
    #[serde(default)]
    pub nkey_path: Option<PathBuf>,
    /// PEM file of the authorities that the server's certificate must come from; the system's where none is named.
    #[serde(default)]
    pub ca_path: Option<PathBuf>,
    /// After how many seconds a silent holder of a message counts as gone; the same in every program.
    #[serde(default = "thirty")]
    pub patience_seconds: NonZeroU32,
}

impl Nats {
    /// The sizes that follow from these settings.
    #[must_use]
    pub fn sizes(&self) -> Sizes {
        Sizes { patience: Duration::from_secs(self.patience_seconds.get().into()), ..Sizes::default() }
    }

    /// The connection that they describe; the server knows it as `name`.
    #[must_use]
    pub fn connection(&self, role: Role, name: &str) -> NatsConnection {
        NatsConnection {
            url: self.url.clone(),
            name: name.to_owned(),
            role,
            credentials: self.credentials_path.clone(),
            nkey: self.nkey_path.clone(),
            ca: self.ca_path.clone(),
        }
    }
}

impl NatsQueue {
    /// The queue behind these settings; the server need not be there yet.
    ///
    /// # Errors
    /// [`ConnectError`].
    pub async fn connect(
        nats: &Nats,
        role: Role,
        name: &str,
        clock: SharedClock,
    ) -> Result<Self, ConnectError> {
        Ok(Self::new(connect(&nats.connection(role, name)).await?, clock, nats.sizes()))
    }
}

const fn thirty() -> NonZeroU32 {
    NonZeroU32::new(30).expect("a number that is part of the program")
}

//! The connection to NATS: by URL, credentials or nkey, with TLS.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use async_nats::{Client, ConnectErrorKind, ConnectOptions, Event, ServerError};
use tokio::sync::watch;
use twostep_delivery::QueueError;
use twostep_domain::delivery::Channel;

use crate::AddressError;
use crate::address::holds_no_secret;

/// How long a refusal explains what fails after it: the server tells it beside the request, which then times out.
const EXPLAINS: Duration = Duration::from_secs(10);

/// A server that was restarted is back soon, and somebody waits for a code: how much longer each try waits than the one before.
const SOON: Duration = Duration::from_millis(50);

/// The longest wait between two tries.
const LATEST: Duration = Duration::from_secs(1);

/// How to reach NATS.
#[derive(Clone, Debug, Default)]
pub struct NatsConnection {
    /// The servers, comma separated: `nats://host:4222` or `tls://host:4222`.
    pub url: String,
    /// What the server knows the connection as.
    pub name: String,
    /// Whose answers it listens to: the role's own, where the server gives each role its own.
    pub role: Role,
    /// A file of NATS credentials (a user's JWT and seed).
    pub credentials: Option<PathBuf>,
    /// A file with an nkey's seed.
    pub nkey: Option<PathBuf>,
    /// PEM file of the authorities that the server's certificate must come from; the system's where none is named.
    pub ca: Option<PathBuf>,
}

/// What a connection is for. The server's rights are by role, and so is where answers go: nobody reads another's.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Role {
    /// Makes streams, consumers and buckets.
    #[default]
    Provision,
    /// Publishes messages and takes reports.
    Service,
    /// Takes a channel's messages and reports.
    Worker(Channel),
}

impl Role {
    /// Where its answers go.
    fn inbox(self) -> String {
        let role = match self {
            Self::Provision => "provision",
            Self::Service => "command-service",
            Self::Worker(Channel::Email) => "email-worker",
            Self::Worker(Channel::Sms) => "sms-worker",
        };
        format!("_INBOX.{role}")
    }
}

/// A connection that is kept up, and what the server refused on it.
#[derive(Clone)]
pub struct Connected {
    client: Client,
    known: Arc<Known>,
}

/// What its events told.
#[derive(Default)]
struct Known {
    /// What was refused last.
    refused: Mutex<Option<(Instant, String)>>,
    /// How often it came about.
    connections: watch::Sender<u64>,
}

/// Why there is no connection to keep up.
#[derive(Debug, thiserror::Error)]
pub enum ConnectError {
    /// A file that was named can't be read.
    #[error("{what} {} can't be read", .path.display())]
    File {
        /// Which.
        what: &'static str,
        /// Where.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The address holds what isn't to be shown.
    #[error(transparent)]
    Address(#[from] AddressError),
    /// The address or what is in the files doesn't fit.
    #[error("NATS at {url} can't be connected to")]
    Connect {
        /// Where.
        url: String,
        /// Why.
        source: async_nats::ConnectError,
    },
}

/// Connects in the background: this returns where the server isn't there yet, and the connection comes back by itself.
///
/// # Errors
/// [`ConnectError`].
pub async fn connect(to: &NatsConnection) -> Result<Connected, ConnectError> {
    holds_no_secret(&to.url)?;
    let known: Arc<Known> = Arc::default();
    let failed = |source| ConnectError::Connect { url: to.url.clone(), source };
    // The first try says why it fails; those in the background only say that they do.
    let client = match options(to, &known).await?.connect(to.url.as_str()).await {
        Ok(client) => client,
        Err(error) if error.kind() == ConnectErrorKind::ServerParse => return Err(failed(error)),
        Err(error) => {
            let what = in_the_way(&error);
            tracing::error!(%error, what, "NATS can't be connected to; it is tried on");
            remember(&known, what.to_owned());
            let options = options(to, &known).await?.retry_on_initial_connect();
            options.connect(to.url.as_str()).await.map_err(failed)?
        }
    };
    Ok(Connected { client, known })
}

async fn options(to: &NatsConnection, known: &Arc<Known>) -> Result<ConnectOptions, ConnectError> {
    let noted = Arc::clone(known);
    let options = ConnectOptions::new().name(&to.name).custom_inbox_prefix(to.role.inbox());
    let options = options.reconnect_delay_callback(|tries| {
        SOON.saturating_mul(u32::try_from(tries).unwrap_or(u32::MAX)).min(LATEST)
    });
    let mut options = options.max_reconnects(None).event_callback(move |event| {
        note(&noted, &event);
        std::future::ready(())
    });
    if let Some(path) = &to.credentials {
        options = options
            .credentials_file(path)
            .await
            .map_err(|source| unread("the credentials file", path, source))?;
    }
    if let Some(path) = &to.nkey {
        let seed =
            std::fs::read_to_string(path).map_err(|source| unread("the nkey's seed file", path, source))?;
        options = options.nkey(seed.trim().to_owned());
    }
    if let Some(path) = &to.ca {
        options = options.add_root_certificates(path.clone()).require_tls(true);
    }
    Ok(options)
}

fn unread(what: &'static str, path: &std::path::Path, source: std::io::Error) -> ConnectError {
    ConnectError::File { what, path: path.to_owned(), source }
}

fn note(known: &Known, event: &Event) {
    match event {
        Event::Connected => {
            tracing::info!("connected to NATS");
            *known.refused() = None;
            known.connections.send_modify(|number| *number += 1);
        }
        Event::ServerError(error @ (ServerError::Other(_) | ServerError::AuthorizationViolation)) => {
            tracing::error!(%error, "NATS refuses something");
            remember(known, format!("NATS refuses it: {error}"));
        }
        Event::Disconnected => {
            tracing::warn!("the connection to NATS is gone");
            *known.refused() = None;
        }
        Event::ClientError(error) => {
            tracing::warn!(%error, "NATS can't be connected to");
            let mut refused = known.refused();
            let why = refused.take().map(|(_, why)| why);
            let why = why.unwrap_or_else(|| format!("{error}: {UNREACHED}"));
            *refused = Some((Instant::now(), why));
        }
        other => tracing::warn!(event = %other, "the connection to NATS changed"),
    }
}

fn remember(known: &Known, why: String) {
    *known.refused() = Some((Instant::now(), why));
}

impl Known {
    fn refused(&self) -> MutexGuard<'_, Option<(Instant, String)>> {
        self.refused.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

const UNREACHED: &str = "NATS can't be reached: check that it runs, nats.url, and whether it wants TLS";

/// What keeps a connection from coming about, and what to look at.
fn in_the_way(error: &async_nats::ConnectError) -> &'static str {
    let mut said = error.to_string();
    let mut cause = std::error::Error::source(error);
    while let Some(error) = cause {
        said = format!("{said}: {error}");
        cause = error.source();
    }
    match error.kind() {
        ConnectErrorKind::AuthorizationViolation => {
            "NATS knows no user with this nkey or these credentials: check nats.nkey_path or nats.credentials_path"
        }
        ConnectErrorKind::Authentication => "what is in nats.nkey_path is no nkey's seed (it begins with SU)",
        _ if said.contains("certificate") => {
            "NATS proves itself with a certificate that is not trusted, or not of its name: check nats.ca_path and the host in nats.url"
        }
        _ => UNREACHED,
    }
}

impl Connected {
    /// The client.
    pub(crate) fn client(&self) -> &Client {
        &self.client
    }

    /// Which connection it is since the start.
    pub(crate) fn generation(&self) -> u64 {
        *self.known.connections.borrow()
    }

    /// That number, whenever it is another one.
    pub(crate) fn connections(&self) -> watch::Receiver<u64> {
        self.known.connections.subscribe()
    }

    /// What the server refused a moment ago.
    pub(crate) fn refusal(&self) -> Option<String> {
        let refused = self.known.refused();
        refused.as_ref().filter(|(at, _)| at.elapsed() < EXPLAINS).map(|(_, refusal)| refusal.clone())
    }

    /// What a failure of the server means: the refusal that it told beside it, where it told one.
    pub(crate) fn unavailable(&self, doing: &str, error: impl std::fmt::Display) -> QueueError {
        let reason = match self.refusal() {
            Some(refusal) => format!("{doing}: {refusal}"),
            None => format!("{doing}: {error}"),
        };
        QueueError::Unavailable { reason }
    }
}

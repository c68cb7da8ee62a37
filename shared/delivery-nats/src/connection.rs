//! The connection to NATS: by URL, credentials or nkey, with TLS.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use async_nats::{Client, ConnectOptions, Event, ServerError};

/// How long a refusal explains what fails after it: the server tells it beside the request, which then times out.
const EXPLAINS: Duration = Duration::from_secs(10);

/// How to reach NATS.
#[derive(Clone, Debug, Default)]
pub struct NatsConnection {
    /// The servers, comma separated: `nats://host:4222` or `tls://host:4222`.
    pub url: String,
    /// What the server knows the connection as.
    pub name: String,
    /// A file of NATS credentials (a user's JWT and seed).
    pub credentials: Option<PathBuf>,
    /// A file with an nkey's seed.
    pub nkey: Option<PathBuf>,
    /// PEM file of the authorities that the server's certificate must come from; the system's where none is named.
    pub ca: Option<PathBuf>,
}

/// A connection that is kept up, and what the server refused on it.
#[derive(Clone)]
pub struct Connected {
    client: Client,
    refused: Arc<Mutex<Option<(Instant, String)>>>,
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
    let refused: Arc<Mutex<Option<(Instant, String)>>> = Arc::default();
    let noted = Arc::clone(&refused);
    let mut options =
        ConnectOptions::new().name(&to.name).retry_on_initial_connect().max_reconnects(None).event_callback(
            move |event| {
                note(&noted, &event);
                std::future::ready(())
            },
        );
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
    let client = options.connect(to.url.as_str()).await;
    let client = client.map_err(|source| ConnectError::Connect { url: to.url.clone(), source })?;
    Ok(Connected { client, refused })
}

fn unread(what: &'static str, path: &std::path::Path, source: std::io::Error) -> ConnectError {
    ConnectError::File { what, path: path.to_owned(), source }
}

fn note(refused: &Mutex<Option<(Instant, String)>>, event: &Event) {
    match event {
        Event::Connected => tracing::info!("connected to NATS"),
        Event::ServerError(error @ (ServerError::Other(_) | ServerError::AuthorizationViolation)) => {
            tracing::error!(%error, "NATS refuses something");
            *refused.lock().unwrap_or_else(PoisonError::into_inner) =
                Some((Instant::now(), error.to_string()));
        }
        other => tracing::warn!(event = %other, "the connection to NATS changed"),
    }
}

impl Connected {
    /// The client.
    pub(crate) fn client(&self) -> &Client {
        &self.client
    }

    /// What the server refused a moment ago.
    pub(crate) fn refusal(&self) -> Option<String> {
        let refused = self.refused.lock().unwrap_or_else(PoisonError::into_inner);
        refused.as_ref().filter(|(at, _)| at.elapsed() < EXPLAINS).map(|(_, refusal)| refusal.clone())
    }
}

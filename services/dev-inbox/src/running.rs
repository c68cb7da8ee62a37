//! Starting and stopping.

use std::net::SocketAddr;
use std::sync::Arc;

use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use twostep_clock::SharedClock;
use twostep_runtime::Profile;

use crate::faults::FaultPlan;
use crate::inbox::Inbox;
use crate::shared::Shared;
use crate::{Config, http, smtp};

/// A running inbox; it stops when `shutdown` is cancelled.
#[derive(Debug)]
pub struct Running {
    /// Where the mail server listens.
    pub smtp_addr: SocketAddr,
    /// Where the gateways and the page listen.
    pub http_addr: SocketAddr,
    /// Stops both.
    pub shutdown: CancellationToken,
}

/// Why it doesn't start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// It shows codes and links to everybody who asks.
    #[error("the inbox shows codes and links: it starts in the demo profile only")]
    NotDemo,
    /// It must not be reachable from elsewhere.
    #[error("the inbox listens on loopback addresses only, not on {0}")]
    NotLoopback(SocketAddr),
    /// The address can't be had.
    #[error("could not listen on {address}")]
    Listen {
        /// Which.
        address: SocketAddr,
        /// Why.
        source: std::io::Error,
    },
}

/// Starts mail server and gateways.
///
/// # Errors
/// [`StartError`].
pub async fn start(config: Config, clock: SharedClock) -> Result<Running, StartError> {
    if config.profile != Profile::Demo {
        return Err(StartError::NotDemo);
    }
    let (smtp, smtp_addr) = listen(config.smtp).await?;
    let (http, http_addr) = listen(config.http).await?;
    let shutdown = CancellationToken::new();
    let shared = Arc::new(Shared {
        inbox: Inbox::new(clock, config.keep),
        faults: FaultPlan::default(),
        largest_mail: config.largest_mail,
        encryption: config.encryption,
        shutdown: shutdown.clone(),
    });
    tokio::spawn(smtp::serve(smtp, Arc::clone(&shared)));
    tokio::spawn(http::serve(http, shared));
    Ok(Running { smtp_addr, http_addr, shutdown })
}

async fn listen(address: SocketAddr) -> Result<(TcpListener, SocketAddr), StartError> {
    if !address.ip().is_loopback() {
        return Err(StartError::NotLoopback(address));
    }
    let failed = |source| StartError::Listen { address, source };
    let listener = TcpListener::bind(address).await.map_err(failed)?;
    let bound = listener.local_addr().map_err(failed)?;
    Ok((listener, bound))
}

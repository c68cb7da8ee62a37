//! Starting and stopping.

use std::net::SocketAddr;

use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use twostep_clock::SharedClock;

use crate::{Config, Profile};

/// A running inbox; it stops when `shutdown` is cancelled.
#[derive(Debug)]
pub struct Running {
    /// Where the mail server listens.
    pub smtp_addr: SocketAddr,
    /// Where the gateway and the page listen.
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

/// Starts mail server and gateway.
///
/// # Errors
/// [`StartError`].
pub async fn start(config: Config, _clock: SharedClock) -> Result<Running, StartError> {
    if config.profile != Profile::Demo {
        return Err(StartError::NotDemo);
    }
    let (_smtp, smtp_addr) = listen(config.smtp).await?;
    let (_http, http_addr) = listen(config.http).await?;
    Ok(Running { smtp_addr, http_addr, shutdown: CancellationToken::new() })
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

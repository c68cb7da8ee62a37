//! Taking a port and serving HTTP on it until the process stops.

use std::io;
use std::net::SocketAddr;

use axum::Router;
use tokio::net::{TcpListener, UnixListener, UnixStream};

use crate::Stop;
use crate::connections::{self, Limits};

/// Why a port can't be taken; the message names the setting to change.
#[derive(Debug, thiserror::Error)]
pub enum BindError {
    /// Another program has it.
    #[error("{setting} is {address}, but that port is in use: stop the other program or change {setting}")]
    InUse {
        /// The setting's name.
        setting: &'static str,
        /// What it is set to.
        address: SocketAddr,
    },
    /// The port can't be had for another reason.
    #[error("listening on {address} ({setting})")]
    Refused {
        /// The setting's name.
        setting: &'static str,
        /// What it is set to.
        address: SocketAddr,
        /// What the operating system says.
        #[source]
        source: io::Error,
    },
}

/// Takes the port that `setting` names; port 0 takes a free one.
///
/// # Errors
/// The port is in use, or the operating system refuses it.
pub async fn bind(setting: &'static str, address: SocketAddr) -> Result<TcpListener, BindError> {
    TcpListener::bind(address).await.map_err(|source| match source.kind() {
        io::ErrorKind::AddrInUse => BindError::InUse { setting, address },
        _ => BindError::Refused { setting, address, source },
    })
}

/// Serves `routes` until a stop is asked for, then lets requests in flight finish.
///
/// 4,000 connections are heard at once; a head takes 10 s at most, and so does silence between two requests; a body
/// takes 30 s at most, else the answer is [`crate::TOO_SLOW`].
///
/// Handlers may ask for the caller's address: `ConnectInfo<SocketAddr>`.
pub async fn serve(listener: TcpListener, routes: Router, stop: Stop) {
    connections::serve(listener, |_, address| Some(address), routes, Limits::default(), stop).await;
}

/// Who speaks through a socket in the file system: an account on the host, in the operating system's word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HostAccount {
    /// Its number.
    pub uid: u32,
}

/// The same on a socket in the file system, whose callers have no address. Handlers may ask for `ConnectInfo<HostAccount>`.
pub async fn serve_socket(listener: UnixListener, routes: Router, stop: Stop) {
    let account = |stream: &UnixStream, _| Some(HostAccount { uid: stream.peer_cred().ok()?.uid() });
    connections::serve(listener, account, routes, Limits::default(), stop).await;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_port_in_use_is_reported_with_the_name_of_its_setting() {
        let first = bind("http.listen", "127.0.0.1:0".parse().unwrap()).await.unwrap();
        let taken = first.local_addr().unwrap();
        let error = bind("http.listen", taken).await.unwrap_err();
        assert_eq!(
            error.to_string(),
            format!(
                "http.listen is {taken}, but that port is in use: stop the other program or change http.listen"
            )
        );
    }

    #[tokio::test]
    async fn serving_ends_with_the_stop() {
        let listener = bind("http.listen", "127.0.0.1:0".parse().unwrap()).await.unwrap();
        let stop = Stop::new();
        stop.request();
        serve(listener, Router::new(), stop).await;
    }
}

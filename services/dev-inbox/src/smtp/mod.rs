//! The mail server: as much of RFC 5321 as senders need.

mod command;
mod data;
mod encryption;
mod mail;
mod session;
mod wire;

use std::io;
use std::sync::Arc;

use tokio::net::{TcpListener, TcpStream};

use crate::shared::Shared;
use session::Session;

pub use encryption::Encryption;

/// Accepts connections until the shutdown.
pub(crate) async fn serve(listener: TcpListener, shared: Arc<Shared>) {
    loop {
        let accepted = tokio::select! {
            () = shared.shutdown.cancelled() => return,
            accepted = listener.accept() => accepted,
        };
        match accepted {
            Ok((stream, _)) => {
                let shared = Arc::clone(&shared);
                tokio::spawn(async move {
                    tokio::select! {
                        () = shared.shutdown.cancelled() => {}
                        ended = converse(stream, &shared) => if let Err(error) = ended {
                            tracing::debug!(%error, "a mail connection broke off");
                        },
                    }
                });
            }
            Err(error) => {
                tracing::warn!(%error, "could not accept a mail connection");
                tokio::task::yield_now().await;
            }
        }
    }
}

async fn converse(stream: TcpStream, shared: &Shared) -> io::Result<()> {
    Session::begin(stream, shared).await?.converse().await
}

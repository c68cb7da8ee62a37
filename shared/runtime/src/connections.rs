//! Connections within limits: nobody holds one, or many, by being slow or silent.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::{ConnectInfo, Request};
use axum::middleware::from_fn_with_state;
use axum::serve::Listener;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::sync::Semaphore;
use tokio_util::task::TaskTracker;
use tower::ServiceExt as _;

use crate::{Stop, body};

/// How much of the server one client can take, and for how long.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Connections at once. Whoever comes later waits in the operating system's queue until one is over.
    pub connections: usize,
    /// How long a connection may take to say a request's head; also how long it may stay silent between two.
    pub head: Duration,
    /// How long a request's body may take to arrive. Answers may take longer: a page waits for news on one.
    pub body: Duration,
    /// How long requests in flight may take once a stop was asked for.
    pub farewell: Duration,
}

impl Default for Limits {
    /// The connections need as many open files: the unit in `deploy/` allows them. The farewell lies within
    /// [`crate::shutdown::GRACE`], so that one slow client doesn't make the stop an unclean one.
    fn default() -> Self {
        Self {
            connections: 4_000,
            head: Duration::from_secs(10),
            body: Duration::from_secs(30),
            farewell: Duration::from_secs(8),
        }
    }
}

/// Who is at the other end of a connection.
pub(crate) trait Caller: Clone + Send + Sync + 'static {}

impl<C: Clone + Send + Sync + 'static> Caller for C {}

/// Serves `routes` on `listener` until a stop is asked for, then lets requests in flight finish; `caller` tells who is at
/// the other end of a connection.
pub(crate) async fn serve<L: Listener, C: Caller>(
    mut listener: L,
    caller: impl Fn(&L::Io, L::Addr) -> Option<C>,
    routes: Router,
    limits: Limits,
    stop: Stop,
) {
    let routes = routes.layer(from_fn_with_state(limits.body, body::in_time));
    let free = Arc::new(Semaphore::new(limits.connections));
    let open = TaskTracker::new();
    loop {
        let accepted = async {
            let permit = Arc::clone(&free).acquire_owned().await;
            (permit, listener.accept().await)
        };
        let (permit, (stream, peer)) = tokio::select! {
            biased;
            () = stop.requested() => break,
            accepted = accepted => accepted,
        };
        let (routes, caller, stop) = (routes.clone(), caller(&stream, peer), stop.clone());
        open.spawn(async move {
            converse(TokioIo::new(stream), caller, routes, limits, stop).await;
            drop(permit);
        });
    }
    // Whoever comes now is refused, not left waiting for a process that goes.
    drop(listener);
    open.close();
    open.wait().await;
}

/// Answers the requests of one connection.
async fn converse(
    stream: impl hyper::rt::Read + hyper::rt::Write + Unpin + Send,
    caller: Option<impl Caller>,
    routes: Router,
    limits: Limits,
    stop: Stop,
) {
    let service = service_fn(move |request: hyper::Request<Incoming>| {
        let mut request: Request = request.map(Body::new);
        if let Some(caller) = caller.clone() {
            request.extensions_mut().insert(ConnectInfo(caller));
        }
        routes.clone().oneshot(request)
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(limits.head)
        .serve_connection(stream, service);
    let mut connection = std::pin::pin!(connection);
    let ended = tokio::select! {
        ended = connection.as_mut() => ended,
        () = stop.requested() => {
            connection.as_mut().graceful_shutdown();
            tokio::time::timeout(limits.farewell, connection).await.unwrap_or(Ok(()))
        }
    };
    if let Err(error) = ended {
        tracing::debug!(%error, "a connection broke off");
    }
}

#[cfg(test)]
mod tests;

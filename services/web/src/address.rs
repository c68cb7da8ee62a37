//! Whose browser asks.

use std::net::{IpAddr, SocketAddr};

use axum::{extract::ConnectInfo, http::request::Parts};
use twostep_runtime::proxy::client_address;

/// The browser's address: the connection's, or what a trusted proxy says (S15).
pub(crate) fn of(parts: &Parts, trusted: &[IpAddr]) -> Option<IpAddr> {
    let ConnectInfo(peer) = parts.extensions.get::<ConnectInfo<SocketAddr>>()?;
    Some(client_address(peer.ip(), &parts.headers, trusted))
}

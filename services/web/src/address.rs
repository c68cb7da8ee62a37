//! Whose browser asks.

use std::net::{IpAddr, SocketAddr};

use axum::{
    extract::ConnectInfo,
    http::{HeaderMap, request::Parts},
};

/// The browser's address: the connection's, or what a trusted proxy says (S15).
pub(crate) fn of(parts: &Parts, trusted: &[IpAddr]) -> Option<IpAddr> {
    let ConnectInfo(peer) = parts.extensions.get::<ConnectInfo<SocketAddr>>()?;
    Some(behind(peer.ip().to_canonical(), &parts.headers, trusted))
}

/// The last address of `X-Forwarded-For` that no trusted proxy added, if a trusted proxy asks.
fn behind(peer: IpAddr, headers: &HeaderMap, trusted: &[IpAddr]) -> IpAddr {
    let named: Vec<&str> = headers
        .get_all("x-forwarded-for")
        .iter()
        .filter_map(|line| line.to_str().ok())
        .flat_map(|line| line.split(','))
        .map(str::trim)
        .collect();
    let mut address = peer;
    for text in named.iter().rev() {
        if !trusted.contains(&address) {
            break;
        }
        let Ok(before) = text.parse::<IpAddr>() else { break };
        address = before.to_canonical();
    }
    address
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(peer: &str, forwarded: &str, trusted: &[&str]) -> String {
        let mut headers = HeaderMap::new();
        headers.insert("x-forwarded-for", forwarded.parse().unwrap());
        let trusted: Vec<IpAddr> = trusted.iter().map(|address| address.parse().unwrap()).collect();
        behind(peer.parse().unwrap(), &headers, &trusted).to_string()
    }

    #[test]
    fn s15_only_trusted_proxies_are_believed() {
        assert_eq!(seen("192.0.2.1", "203.0.113.9", &[]), "192.0.2.1");
        assert_eq!(seen("10.0.0.1", "203.0.113.9", &["10.0.0.1"]), "203.0.113.9");
    }

    #[test]
    fn s15_what_the_browser_itself_claims_is_not_believed() {
        assert_eq!(seen("10.0.0.1", "127.0.0.1, 203.0.113.9", &["10.0.0.1"]), "203.0.113.9");
        assert_eq!(seen("10.0.0.1", "203.0.113.9, 10.0.0.2", &["10.0.0.1", "10.0.0.2"]), "203.0.113.9");
        assert_eq!(seen("10.0.0.1", "rubbish", &["10.0.0.1"]), "10.0.0.1");
    }
}

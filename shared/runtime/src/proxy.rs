//! Whose request it is, where reverse proxies stand in between.

use std::net::IpAddr;

use axum::http::HeaderMap;

/// The client's address: the connection's, or the last one of `X-Forwarded-For` that no trusted proxy added, if a
/// trusted proxy asks (S15).
///
/// Read from the right, one hop at a time: each is believed only while the one that named it is trusted. What stands
/// further left, or behind something unreadable, the client may have written itself. IPv4 addresses in IPv6 form are
/// taken for what they are.
#[must_use]
pub fn client_address(peer: IpAddr, headers: &HeaderMap, trusted: &[IpAddr]) -> IpAddr {
    let lines = headers.get_all("x-forwarded-for").iter();
    // A line that isn't text hides what stands in it: it counts as one unreadable hop.
    let named: Vec<&str> =
        lines.flat_map(|line| line.to_str().unwrap_or("?").split(',')).map(str::trim).collect();
    let mut address = peer.to_canonical();
    for hop in named.iter().rev() {
        if !trusted.contains(&address) {
            break;
        }
        let Ok(before) = hop.parse::<IpAddr>() else { break };
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
        client_address(peer.parse().unwrap(), &headers, &trusted).to_string()
    }

    #[test]
    fn s15_only_trusted_proxies_are_believed() {
        assert_eq!(seen("192.0.2.1", "203.0.113.9", &[]), "192.0.2.1");
        assert_eq!(seen("10.0.0.1", "203.0.113.9", &["10.0.0.1"]), "203.0.113.9");
        assert_eq!(seen("::ffff:10.0.0.1", "203.0.113.9", &["10.0.0.1"]), "203.0.113.9");
    }

    #[test]
    fn s15_what_the_client_itself_claims_is_not_believed() {
        assert_eq!(seen("10.0.0.1", "127.0.0.1, 203.0.113.9", &["10.0.0.1"]), "203.0.113.9");
        assert_eq!(seen("10.0.0.1", "1.2.3.4, x, 203.0.113.9", &["10.0.0.1"]), "203.0.113.9");
        assert_eq!(seen("10.0.0.1", "203.0.113.9, 10.0.0.2", &["10.0.0.1", "10.0.0.2"]), "203.0.113.9");
        assert_eq!(seen("10.0.0.1", "rubbish", &["10.0.0.1"]), "10.0.0.1");
    }
}

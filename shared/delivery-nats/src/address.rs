//! Where NATS is said to be: nothing secret stands there, and what is said to it stays between us.

use std::net::IpAddr;

use crate::Nats;

/// What is wrong with the address; never the address itself, which may hold a password.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum AddressError {
    /// An address is shown in many places.
    #[error(
        "nats.url holds a user's name, a password or a token, and addresses are shown: take it out, and name \
         nats.credentials_path or nats.nkey_path"
    )]
    Credentials,
    /// Whoever is on the way could read who gets what, and answer in the broker's place.
    #[error(
        "nats.url goes to {host} without TLS: write tls://{host}, or name nats.ca_path; without it, production speaks to \
         this machine only"
    )]
    InClear {
        /// Where.
        host: String,
    },
}

impl Nats {
    /// Accepts the address; `over_networks` is whether other machines may be in between.
    ///
    /// # Errors
    /// [`AddressError`].
    pub fn check(&self, over_networks: bool) -> Result<(), AddressError> {
        holds_no_secret(&self.url)?;
        if !over_networks || self.ca_path.is_some() {
            return Ok(());
        }
        let clear = servers(&self.url).find(|server| !server.is_encrypted() && !server.is_loopback());
        clear.map_or(Ok(()), |server| Err(AddressError::InClear { host: server.host.to_owned() }))
    }
}

/// Accepts an address that names nobody.
pub(crate) fn holds_no_secret(url: &str) -> Result<(), AddressError> {
    let named = servers(url).any(|server| server.names_somebody);
    if named { Err(AddressError::Credentials) } else { Ok(()) }
}

struct Server<'a> {
    scheme: &'a str,
    names_somebody: bool,
    host: &'a str,
}

fn servers(url: &str) -> impl Iterator<Item = Server<'_>> {
    url.split(',').map(|server| {
        let (scheme, rest) = server.trim().split_once("://").unwrap_or(("nats", server.trim()));
        let (named, place) = rest.rsplit_once('@').map_or((false, rest), |(_, place)| (true, place));
        let authority = place.split(['/', '?', '#']).next().unwrap_or_default();
        let host = match authority.strip_prefix('[') {
            Some(v6) => v6.split(']').next().unwrap_or_default(),
            None => authority.split(':').next().unwrap_or_default(),
        };
        Server { scheme, names_somebody: named, host }
    })
}

impl Server<'_> {
    fn is_encrypted(&self) -> bool {
        matches!(self.scheme, "tls" | "wss")
    }

    fn is_loopback(&self) -> bool {
        let address: Option<IpAddr> = self.host.parse().ok();
        address.map_or(self.host == "localhost", |address| address.to_canonical().is_loopback())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn nats(url: &str, ca: Option<&str>) -> Nats {
        Nats {
            url: url.to_owned(),
            credentials_path: None,
            nkey_path: None,
            ca_path: ca.map(Into::into),
            patience_seconds: std::num::NonZeroU32::MIN,
        }
    }

    #[test]
    fn s27_production_speaks_over_networks_with_tls_only() {
        for good in
            ["nats://127.0.0.1:4222", "localhost", "nats://[::1]:4222", "tls://a.example:1,tls://b.example"]
        {
            assert_eq!(nats(good, None).check(true), Ok(()), "{good}");
        }
        for (bad, host) in [
            ("nats://nats.example:4222", "nats.example"),
            ("nats.example", "nats.example"),
            ("ws://192.0.2.1:80/x", "192.0.2.1"),
            ("tls://a.example, nats://[2001:db8::1]:4222", "2001:db8::1"),
            ("nats://localhost.example", "localhost.example"),
        ] {
            let clear = AddressError::InClear { host: host.to_owned() };
            assert_eq!(nats(bad, None).check(true), Err(clear), "{bad}");
            assert_eq!(nats(bad, None).check(false), Ok(()), "{bad}");
            assert_eq!(nats(bad, Some("ca.pem")).check(true), Ok(()), "{bad}");
        }
    }

    #[test]
    fn s10_an_address_with_a_password_is_refused_and_not_repeated() {
        for bad in
            ["nats://ann:hunter2@127.0.0.1", "tls://hunter2@a.example", "tls://a.example,b:hunter2@c:1"]
        {
            let refused = nats(bad, None).check(false).unwrap_err();
            assert_eq!(refused, AddressError::Credentials, "{bad}");
            assert!(!refused.to_string().contains("hunter2"), "{refused}");
            assert!(refused.to_string().contains("nats.credentials_path or nats.nkey_path"), "{refused}");
        }
    }
}

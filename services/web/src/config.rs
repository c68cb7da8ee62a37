//! What the site is told at its start.

use std::net::IpAddr;

use twostep_clock::SharedClock;
use twostep_runtime::{Profile, PublicUrlError};
use url::Url;

/// The site's settings.
#[derive(Clone)]
pub struct Config {
    pub(crate) public_url: Url,
    pub(crate) trusted_proxies: Vec<IpAddr>,
    pub(crate) clock: SharedClock,
}

impl Config {
    /// The site at `public_url`, as people's browsers reach it.
    ///
    /// # Errors
    /// The profile doesn't take that address.
    pub fn new(public_url: Url, profile: Profile, clock: SharedClock) -> Result<Self, PublicUrlError> {
        profile.check_public_url(&public_url)?;
        Ok(Self { public_url, trusted_proxies: Vec::new(), clock })
    }

    /// The same behind reverse proxies at these addresses: they alone are believed in `X-Forwarded-For` (S15).
    #[must_use]
    pub fn with_trusted_proxies(mut self, addresses: Vec<IpAddr>) -> Self {
        self.trusted_proxies = addresses;
        self
    }

    /// Whether browsers reach the site over TLS.
    pub(crate) fn is_https(&self) -> bool {
        self.public_url.scheme() == "https"
    }
}

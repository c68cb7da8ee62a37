//! What the site is told at its start.

use std::net::IpAddr;

use twostep_clock::SharedClock;
use twostep_runtime::Profile;
use url::Url;

/// The last line of a text is `@host #code`: with a longer host, a code would be more than one segment (S29).
const LONGEST_HOST: usize = 100;

/// The site's settings.
#[derive(Clone)]
pub struct Config {
    pub(crate) public_url: Url,
    pub(crate) trusted_proxies: Vec<IpAddr>,
    pub(crate) clock: SharedClock,
}

/// Why the site refuses to start.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// Cookies and forms would travel in the clear.
    #[error("the public URL is {0}, but in the production profile it must begin with https://")]
    NotHttps(Url),
    /// The demo is for this machine only, and the site lies at the top of its host.
    #[error("the public URL is {0}: {1}")]
    Url(Url, &'static str),
}

impl Config {
    /// The site at `public_url`, as people's browsers reach it.
    ///
    /// # Errors
    /// The production profile wants https, the demo profile a loopback address, and both a URL without a path.
    pub fn new(public_url: Url, profile: Profile, clock: SharedClock) -> Result<Self, ConfigError> {
        if !matches!(public_url.scheme(), "http" | "https") {
            return Err(ConfigError::Url(public_url, "it must begin with http:// or https://"));
        }
        if public_url.path() != "/" || public_url.query().is_some() || public_url.fragment().is_some() {
            return Err(ConfigError::Url(public_url, "it must have no path"));
        }
        if public_url.host_str().is_some_and(|host| host.len() > LONGEST_HOST) {
            return Err(ConfigError::Url(
                public_url,
                "its host has more than 100 characters: texts end with it",
            ));
        }
        if profile == Profile::Production && public_url.scheme() != "https" {
            return Err(ConfigError::NotHttps(public_url));
        }
        if profile.check_base_url("public_url", &public_url).is_err() {
            return Err(ConfigError::Url(public_url, "the demo is for this machine only"));
        }
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

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use twostep_clock::SystemClock;

    use super::*;

    fn config(url: &str, profile: Profile) -> Result<Config, ConfigError> {
        Config::new(url.parse().unwrap(), profile, Arc::new(SystemClock))
    }

    #[test]
    fn production_is_https_and_the_demo_is_loopback() {
        assert!(config("https://verify.example.org/", Profile::Production).is_ok());
        assert!(matches!(
            config("http://verify.example.org/", Profile::Production),
            Err(ConfigError::NotHttps(_))
        ));
        assert!(config("http://127.0.0.1:8080", Profile::Demo).is_ok());
        assert!(matches!(config("http://192.0.2.1", Profile::Demo), Err(ConfigError::Url(..))));
    }

    #[test]
    fn s29_a_host_is_short_enough_to_end_a_text() {
        let host = |length: usize| format!("https://{}.{}.example/", "h".repeat(40), "h".repeat(length - 49));
        assert!(config(&host(100), Profile::Production).is_ok());
        assert!(matches!(config(&host(101), Profile::Production), Err(ConfigError::Url(..))));
    }

    #[test]
    fn the_site_lies_at_the_top_of_its_host() {
        assert!(matches!(
            config("https://example.org/verify", Profile::Production),
            Err(ConfigError::Url(..))
        ));
        assert!(matches!(config("https://example.org/?a=b", Profile::Production), Err(ConfigError::Url(..))));
    }
}

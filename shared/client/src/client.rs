//! Whom we speak to, as whom, and for whom.

use std::{net::IpAddr, sync::Arc, time::Duration};

use reqwest::redirect;
use secrecy::SecretString;
use url::{Host, Url};
use uuid::Uuid;

use crate::Error;

/// How long an answer may take unless [`Client::with_timeout`] says otherwise.
const TIMEOUT: Duration = Duration::from_secs(20);

/// How long a connection may take.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);

/// How long an unused connection is kept: shorter than the API does, so that no request meets one that just ends.
const IDLE: Duration = Duration::from_secs(5);

/// The client of one API, as one person (or nobody yet). Copies are cheap and share the connections.
#[derive(Clone)]
pub struct Client {
    pub(crate) http: reqwest::Client,
    pub(crate) base: Arc<Url>,
    pub(crate) timeout: Duration,
    pub(crate) token: Option<SecretString>,
    pub(crate) forwarded_for: Option<IpAddr>,
    pub(crate) idempotency_key: Option<Uuid>,
}

impl Client {
    /// A client of the API at `base` (the part before `api/v1`), with nobody signed in.
    ///
    /// It follows no redirect: the API never answers one. It asks no proxy where the API is on this machine.
    ///
    /// # Errors
    /// [`Error::Unusable`] where `base` isn't http(s) or the TLS library can't start.
    pub fn new(base: Url) -> Result<Self, Error> {
        if !matches!(base.scheme(), "http" | "https") {
            return Err(Error::Unusable {
                reason: "the API's base URL is neither http nor https".to_owned(),
            });
        }
        let mut http = reqwest::Client::builder()
            .redirect(redirect::Policy::none())
            .connect_timeout(CONNECT_TIMEOUT)
            .pool_idle_timeout(IDLE);
        if is_loopback(&base) {
            http = http.no_proxy();
        }
        let http = http.build().map_err(|error| Error::Unusable { reason: error.to_string() })?;
        Ok(Self {
            http,
            base: Arc::new(base),
            timeout: TIMEOUT,
            token: None,
            forwarded_for: None,
            idempotency_key: None,
        })
    }

    /// The same, waiting at most `timeout` for an answer (20 s unless said).
    #[must_use]
    pub fn with_timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// The same, with the token of a pending sign-in or of a session.
    #[must_use]
    pub fn with_token(&self, token: &str) -> Self {
        Self { token: Some(SecretString::from(token)), ..self.clone() }
    }

    /// The same, on behalf of the browser at `address`: the API believes it of its trusted proxies only.
    #[must_use]
    pub fn with_forwarded_for(&self, address: IpAddr) -> Self {
        Self { forwarded_for: Some(address), ..self.clone() }
    }

    /// The same, whose next write carries this `Idempotency-Key`: sent again, it happens once.
    ///
    /// A key belongs to one write; `POST sign-ins` takes none.
    #[must_use]
    pub fn with_idempotency_key(&self, key: Uuid) -> Self {
        Self { idempotency_key: Some(key), ..self.clone() }
    }
}

fn is_loopback(base: &Url) -> bool {
    match base.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

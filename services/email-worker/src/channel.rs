//! The channel: render, then hand over.

use std::path::PathBuf;
use std::time::Duration;

use async_trait::async_trait;
use lettre::Address;
use twostep_clock::SharedClock;
use twostep_delivery::{
    Accepted, BreakerSettings, BreakerState, Failover, Payload, Provider, Request, Submit, SubmitError,
};
use twostep_runtime::Profile;

use crate::mail::{Mail, Sender};
use crate::smtp::SmtpRelay;
use crate::text::Texts;
use crate::{Config, SmtpSecurity};

/// The e-mail channel.
pub struct EmailChannel {
    texts: Texts,
    sender: Sender,
    relays: Failover<Mail>,
    clock: SharedClock,
}

/// The settings can't be used.
#[derive(Debug, thiserror::Error)]
pub enum InvalidConfig {
    /// The sender is no address.
    #[error("`from` is no e-mail address")]
    From,
    /// There is no relay.
    #[error("no relay is configured: nothing could be sent")]
    NoRelay,
    /// Plain text outside the demo.
    #[error("relay {relay}: plain text is for the demo profile only")]
    Plain {
        /// Which relay.
        relay: String,
    },
    /// Credentials are half there.
    #[error("relay {relay}: `username` and `password` go together")]
    Credentials {
        /// Which relay.
        relay: String,
    },
    /// TLS can't be prepared.
    #[error("relay {relay}: preparing TLS")]
    Tls {
        /// Which relay.
        relay: String,
        /// Why.
        source: lettre::transport::smtp::Error,
    },
    /// The file of authorities can't be used.
    #[error("relay {relay}: reading the authorities in {}, which `ca_path` names", path.display())]
    Ca {
        /// Which relay.
        relay: String,
        /// Which file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// Authorities for a relay without TLS.
    #[error("relay {relay}: `ca_path` has no meaning where the connection is plain")]
    CaOfPlain {
        /// Which relay.
        relay: String,
    },
    /// The connections can't be prepared.
    #[error("relay {relay}: preparing its connections")]
    Pool {
        /// Which relay.
        relay: String,
        /// Why.
        source: deadpool::managed::BuildError,
    },
}

impl EmailChannel {
    /// The channel with these settings; connects when it first sends.
    ///
    /// # Errors
    /// [`InvalidConfig`].
    pub fn new(config: Config, profile: Profile, clock: SharedClock) -> Result<Self, InvalidConfig> {
        let address: Address = config.from.parse().map_err(|_| InvalidConfig::From)?;
        let mut relays: Vec<_> = config.relays.into_iter().collect();
        relays.sort_by_key(|(_, relay)| relay.rank);
        if relays.is_empty() {
            return Err(InvalidConfig::NoRelay);
        }
        let mut providers: Vec<Box<dyn Provider<Mail>>> = Vec::new();
        for (name, relay) in relays {
            if relay.security == SmtpSecurity::PlainLoopbackDemo && profile != Profile::Demo {
                return Err(InvalidConfig::Plain { relay: name });
            }
            providers.push(Box::new(SmtpRelay::new(name, relay, &config.host)?));
        }
        let open_for = Duration::from_secs(config.breaker_seconds);
        let breaker = BreakerSettings { failures: config.breaker_failures, open_for };
        let relays = Failover::new(providers, breaker, &clock);
        Ok(Self { texts: Texts::new(), sender: Sender { address, host: config.host }, relays, clock })
    }

    /// Each relay's name and where its breaker stands.
    pub fn relays(&self) -> impl Iterator<Item = (&str, BreakerState)> {
        self.relays.states()
    }
}

#[async_trait]
impl Submit for EmailChannel {
    async fn submit(&self, request: &Request, payload: &Payload) -> Result<Accepted, SubmitError> {
        let rendered = self.texts.render(request.kind, payload)?;
        let mail = self.sender.assemble(request.id, payload, rendered, self.clock.now())?;
        self.relays.submit(&mail).await
    }
}

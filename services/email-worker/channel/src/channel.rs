//! The channel: render, then hand over.

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
use crate::{Config, InvalidConfig, SmtpSecurity};

/// The e-mail channel.
pub struct EmailChannel {
    texts: Texts,
    sender: Sender,
    relays: Failover<Mail>,
    clock: SharedClock,
}

impl EmailChannel {
    /// The channel with these settings; connects when it first sends.
    ///
    /// # Errors
    /// [`InvalidConfig`].
    pub fn new(config: Config, profile: Profile, clock: SharedClock) -> Result<Self, InvalidConfig> {
        let address: Address = config.from.parse().map_err(|_| InvalidConfig::From)?;
        if config.host.trim().is_empty() {
            return Err(InvalidConfig::Host);
        }
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
            if relay.host.trim().is_empty() {
                return Err(InvalidConfig::RelayHost { relay: name });
            }
            providers.push(Box::new(SmtpRelay::new(name, relay, &config.host)?));
        }
        let open_for = Duration::from_secs(config.breaker_seconds.get().into());
        let breaker = BreakerSettings { failures: config.breaker_failures.get(), open_for };
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

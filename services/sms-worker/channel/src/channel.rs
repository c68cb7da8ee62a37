//! The channel: render, then hand over.

use std::time::Duration;

use async_trait::async_trait;
use twostep_clock::SharedClock;
use twostep_delivery::{
    Accepted, BreakerSettings, BreakerState, Failover, Payload, Provider, Reference, Request, Submit,
    SubmitError,
};
use twostep_runtime::Profile;

use crate::provider::{self, Text};
use crate::text::Texts;
use crate::{Config, InvalidConfig};

/// The SMS channel.
pub struct SmsChannel {
    texts: Texts,
    providers: Failover<Text>,
}

impl SmsChannel {
    /// The channel with these settings; connects when it first sends.
    ///
    /// # Errors
    /// [`InvalidConfig`].
    pub fn new(config: Config, profile: Profile, clock: &SharedClock) -> Result<Self, InvalidConfig> {
        let mut gateways: Vec<_> = config.providers.into_iter().collect();
        gateways.sort_by_key(|(_, gateway)| gateway.rank);
        if gateways.is_empty() {
            return Err(InvalidConfig::NoProvider);
        }
        let status_url = config.status_url.as_ref();
        let made: Result<Vec<Box<dyn Provider<Text>>>, _> = gateways
            .into_iter()
            .map(|(name, gateway)| provider::make(name, gateway, status_url, profile))
            .collect();
        let open_for = Duration::from_secs(config.breaker_seconds.get().into());
        let breaker = BreakerSettings { failures: config.breaker_failures.get(), open_for };
        Ok(Self { texts: Texts::new(), providers: Failover::new(made?, breaker, clock) })
    }

    /// Each provider's name and where its breaker stands.
    pub fn providers(&self) -> impl Iterator<Item = (&str, BreakerState)> {
        self.providers.states()
    }
}

#[async_trait]
impl Submit for SmsChannel {
    async fn submit(&self, request: &Request, payload: &Payload) -> Result<Accepted, SubmitError> {
        let text = self.texts.render(request.kind, payload)?;
        let reference = Reference { company: request.company, id: request.id };
        let text = Text { reference, to: payload.destination.clone(), text };
        self.providers.submit(&text).await
    }
}

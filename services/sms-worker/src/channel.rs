//! The channel: render, then hand over.

use std::time::Duration;

use async_trait::async_trait;
use twostep_clock::SharedClock;
use twostep_delivery::{
    Accepted, BreakerSettings, BreakerState, Failover, Payload, Provider, Request, Submit, SubmitError,
};
use twostep_runtime::Profile;

use crate::Config;
use crate::provider::{self, Text};
use crate::text::Texts;

/// The SMS channel.
pub struct SmsChannel {
    texts: Texts,
    providers: Failover<Text>,
}

/// The settings can't be used.
#[derive(Debug, thiserror::Error)]
pub enum InvalidConfig {
    /// There is no provider.
    #[error("no provider is configured: nothing could be sent")]
    NoProvider,
    /// A provider is of no kind, or of several.
    #[error("provider {provider}: exactly one of `twilio` and `webhook` is set")]
    Kind {
        /// Which provider.
        provider: String,
    },
    /// Twilio's sender.
    #[error("provider {provider}: exactly one of `from` and `messaging_service` is set")]
    Sender {
        /// Which provider.
        provider: String,
    },
    /// The address is one that production must not call (S28).
    #[error(
        "provider {provider}: its URL is https to a public host; http and private addresses are for the demo"
    )]
    Url {
        /// Which provider.
        provider: String,
    },
    /// The body is no JSON.
    #[error("provider {provider}: `body` is not JSON once its placeholders are filled")]
    Body {
        /// Which provider.
        provider: String,
    },
    /// A header can't be sent.
    #[error("provider {provider}: the header {header} can't be sent")]
    Header {
        /// Which provider.
        provider: String,
        /// Which header.
        header: String,
    },
    /// The HTTP client can't be made.
    #[error("provider {provider}: preparing the HTTP client")]
    Client {
        /// Which provider.
        provider: String,
        /// Why.
        source: reqwest::Error,
    },
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
        let made: Result<Vec<Box<dyn Provider<Text>>>, _> =
            gateways.into_iter().map(|(name, gateway)| provider::make(name, gateway, profile)).collect();
        let open_for = Duration::from_secs(config.breaker_seconds);
        let breaker = BreakerSettings { failures: config.breaker_failures, open_for };
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
        let text = Text { id: request.id, to: payload.destination.clone(), text };
        self.providers.submit(&text).await
    }
}

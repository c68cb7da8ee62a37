//! Several providers behind one channel: an ordered list with a breaker each.

use std::time::Duration;

use async_trait::async_trait;
use twostep_clock::SharedClock;
use twostep_domain::delivery::Failure;

use crate::{Accepted, Breaker, BreakerSettings, BreakerState, SubmitError};

/// One provider of a channel; `M` is the rendered message.
#[async_trait]
pub trait Provider<M: Sync>: Send + Sync {
    /// Its name, as it stands in the log.
    fn name(&self) -> &str;

    /// Whether it is there for this message (for texts: for this country).
    fn serves(&self, _message: &M) -> bool {
        true
    }

    /// Hands the message over, once; gives back the provider's own id of it, where there is one.
    ///
    /// # Errors
    /// [`ProviderError`].
    async fn send(&self, message: &M) -> Result<Option<String>, ProviderError>;
}

/// What a provider answered; `reason`s never hold an address, a code or a link.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ProviderError {
    /// The provider is down or has enough of us: counts for its breaker.
    #[error("the provider is not available: {reason}")]
    Unavailable {
        /// Not earlier than this, where it says so.
        after: Option<Duration>,
        /// What it said.
        reason: String,
    },
    /// The provider works, but can't take this message now.
    #[error("not taken now: {reason}")]
    Retry {
        /// Not earlier than this, where it says so.
        after: Option<Duration>,
        /// What it said.
        reason: String,
    },
    /// The provider refuses this address, number or message for good.
    #[error("refused: {reason}")]
    Reject {
        /// What it said.
        reason: String,
    },
    /// The provider refuses our settings: opens its breaker, blames nobody.
    #[error("the provider refuses our settings: {reason}")]
    Configuration {
        /// What it said.
        reason: String,
    },
    /// The answer got lost.
    #[error("the answer got lost: {reason}")]
    Unknown {
        /// What was lost.
        reason: String,
    },
}

/// An ordered list of providers with a breaker each.
pub struct Failover<M> {
    providers: Vec<(Box<dyn Provider<M>>, Breaker)>,
}

/// What kept the providers from taking a message.
#[derive(Default)]
struct Refusals {
    /// One of them may take it later; the earliest of the waits they named.
    later: Option<Option<Duration>>,
    reasons: Vec<String>,
}

impl<M: Sync> Failover<M> {
    /// The providers, the preferred one first.
    #[must_use]
    pub fn new(providers: Vec<Box<dyn Provider<M>>>, settings: BreakerSettings, clock: &SharedClock) -> Self {
        let guarded = |provider: Box<dyn Provider<M>>| {
            let breaker = Breaker::new(provider.name(), settings, clock.clone());
            (provider, breaker)
        };
        Self { providers: providers.into_iter().map(guarded).collect() }
    }

    /// Each provider's name and where its breaker stands.
    pub fn states(&self) -> impl Iterator<Item = (&str, BreakerState)> {
        self.providers.iter().map(|(provider, breaker)| (provider.name(), breaker.state()))
    }

    /// Offers the message to one provider after the other until one takes it, refuses it, or may have taken it.
    ///
    /// # Errors
    /// [`SubmitError`].
    pub async fn submit(&self, message: &M) -> Result<Accepted, SubmitError> {
        let mut refusals = Refusals::default();
        for (provider, breaker) in self.providers.iter().filter(|(provider, _)| provider.serves(message)) {
            let Ok(permit) = breaker.permit() else {
                refusals.shut(provider.name(), breaker);
                continue;
            };
            match provider.send(message).await {
                Ok(provider_id) => {
                    permit.succeeded();
                    return Ok(Accepted { provider: provider.name().to_owned(), provider_id });
                }
                Err(ProviderError::Reject { reason }) => {
                    permit.succeeded();
                    return Err(SubmitError::Reject { because: Failure::Rejected, reason });
                }
                Err(ProviderError::Unknown { reason }) => {
                    permit.failed();
                    return Err(SubmitError::Unknown { provider: provider.name().to_owned(), reason });
                }
                Err(ProviderError::Retry { after, reason }) => {
                    permit.succeeded();
                    refusals.later(after, provider.name(), &reason);
                }
                Err(ProviderError::Unavailable { after, reason }) => {
                    permit.failed();
                    refusals.later(after, provider.name(), &reason);
                }
                Err(ProviderError::Configuration { reason }) => {
                    permit.misconfigured();
                    refusals.reasons.push(format!("{}: {reason}", provider.name()));
                }
            }
        }
        Err(refusals.sum())
    }
}

impl Refusals {
    fn later(&mut self, after: Option<Duration>, provider: &str, reason: &str) {
        self.later = Some(match self.later.take() {
            None => after,
            Some(earlier) => earlier.min(after),
        });
        self.reasons.push(format!("{provider}: {reason}"));
    }

    fn shut(&mut self, provider: &str, breaker: &Breaker) {
        match breaker.state() {
            BreakerState::Open { misconfigured: true, .. }
            | BreakerState::HalfOpen { misconfigured: true } => {
                self.reasons.push(format!("{provider}: refuses our settings"));
            }
            _ => self.later(Some(breaker.wait()), provider, "is left alone for a while after failures"),
        }
    }

    fn sum(self) -> SubmitError {
        let reason = self.reasons.join("; ");
        match self.later {
            Some(after) => SubmitError::Retry { after, reason },
            None if reason.is_empty() => SubmitError::Reject {
                because: Failure::Configuration,
                reason: "no provider serves this destination".to_owned(),
            },
            None => SubmitError::Reject { because: Failure::Configuration, reason },
        }
    }
}

//! What an operator watches of a worker, in the OpenMetrics format.
//!
//! No label is a person's or a company's (S10); providers and outcomes are few.

use std::sync::Arc;

use async_trait::async_trait;
use chrono::TimeDelta;
use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::{Registry, Unit};
use twostep_clock::SharedClock;
use twostep_delivery::{Accepted, BreakerState, Payload, Request, Submit, SubmitError};
use twostep_domain::delivery::Channel;

/// Asks where each provider's breaker stands.
pub type Breakers = Box<dyn Fn() -> Vec<(String, BreakerState)> + Send + Sync>;

/// Upper bounds of buckets, in seconds: a call takes milliseconds, a message that waits for a provider up to minutes.
const BOUNDS: [f64; 12] = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0, 5.0, 15.0, 60.0, 300.0, 3600.0];

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Call {
    channel: &'static str,
    provider: String,
    outcome: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Provider {
    channel: &'static str,
    provider: String,
}

/// A worker's metrics.
pub(crate) struct Metrics {
    channel: Channel,
    registry: Registry,
    calls: Family<Call, Counter>,
    call_seconds: Histogram,
    waited_seconds: Histogram,
    open: Family<Provider, Gauge>,
    breakers: Breakers,
}

impl Metrics {
    pub(crate) fn new(channel: Channel, breakers: Breakers) -> Arc<Self> {
        let mut registry = Registry::with_prefix("twostep_delivery");
        let (calls, open) = (Family::<Call, Counter>::default(), Family::<Provider, Gauge>::default());
        let (call_seconds, waited_seconds) = (Histogram::new(BOUNDS), Histogram::new(BOUNDS));
        registry.register("attempts", "Tries to hand a message over, by what came of them", calls.clone());
        registry.register_with_unit(
            "call_duration",
            "Time that handing over took, or failing to",
            Unit::Seconds,
            call_seconds.clone(),
        );
        registry.register_with_unit(
            "latency",
            "Time from the wish to send, in the log, until a provider took the message",
            Unit::Seconds,
            waited_seconds.clone(),
        );
        registry.register(
            "breaker_open",
            "1 while a provider is left alone after failures, 0 while it is asked",
            open.clone(),
        );
        Arc::new(Self { channel, registry, calls, call_seconds, waited_seconds, open, breakers })
    }

    /// All of it, as text.
    pub(crate) fn render(&self) -> String {
        for (provider, state) in (self.breakers)() {
            let open = !matches!(state, BreakerState::Closed { .. });
            let label = Provider { channel: self.channel.as_str(), provider };
            self.open.get_or_create(&label).set(i64::from(open));
        }
        let mut text = String::new();
        match encode(&mut text, &self.registry) {
            Ok(()) => text,
            Err(error) => {
                tracing::error!(%error, "the metrics can't be written");
                "# EOF\n".to_owned()
            }
        }
    }

    fn called(&self, provider: &str, outcome: &'static str, took: TimeDelta) {
        let label = Call { channel: self.channel.as_str(), provider: provider.to_owned(), outcome };
        self.calls.get_or_create(&label).inc();
        self.call_seconds.observe(seconds(took));
    }
}

/// A channel whose calls are measured.
pub(crate) struct Measured {
    pub(crate) out: Arc<dyn Submit>,
    pub(crate) metrics: Arc<Metrics>,
    pub(crate) clock: SharedClock,
}

#[async_trait]
impl Submit for Measured {
    async fn submit(&self, request: &Request, payload: &Payload) -> Result<Accepted, SubmitError> {
        let begun = self.clock.now();
        let answer = self.out.submit(request, payload).await;
        let ended = self.clock.now();
        // Which of several providers refused is in the log's lines: only the one that took it, or may have, is known here.
        let (provider, outcome) = match &answer {
            Ok(Accepted { provider, .. }) => (provider.as_str(), "submitted"),
            Err(SubmitError::Unknown { provider, .. }) => (provider.as_str(), "unknown"),
            Err(SubmitError::Retry { .. }) => ("", "retry"),
            Err(SubmitError::Reject { .. }) => ("", "rejected"),
        };
        self.metrics.called(provider, outcome, ended - begun);
        if answer.is_ok() {
            self.metrics.waited_seconds.observe(seconds(ended - request.requested_at));
        }
        answer
    }
}

fn seconds(time: TimeDelta) -> f64 {
    time.max(TimeDelta::zero()).as_seconds_f64()
}

//! What an operator watches: counters, gauges and histograms in the OpenMetrics format.
//!
//! Labels are templates, names of parts and outcomes, never a person's or a company's id: their number is bounded,
//! and nothing personal leaves through the admin port (S10).

mod label;
mod log;
mod requests;

use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::{Registry, Unit};
use twostep_delivery::{BreakerState, Outcome, Report, Waiting};
use twostep_domain::StreamKind;
use twostep_domain::delivery::{Channel, Urgency};

use label::{Append, Delivery, Lane, Limit, Load, Model, Provider, Request, Route, SignIn};

pub(crate) use label::{AppendOutcome, SignInOutcome};
pub(crate) use log::MeasuredStore;
pub(crate) use requests::measure;

/// Upper bounds of the buckets of durations, in seconds: hashing a password takes some 50 ms, everything else less.
const BOUNDS: [f64; 10] = [0.001, 0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0, 5.0];

type Durations = Family<Route, Histogram, fn() -> Histogram>;

/// The service's metrics.
pub(crate) struct Metrics {
    registry: Registry,
    requests: Family<Request, Counter>,
    request_seconds: Durations,
    sign_ins: Family<SignIn, Counter>,
    deliveries: Family<Delivery, Counter>,
    reports_dropped: Counter,
    texts_refused: Family<Limit, Counter>,
    breakers: Family<Provider, Gauge>,
    waiting: Family<Lane, Gauge>,
    in_hand: Family<Lane, Gauge>,
    relay_backlog: Gauge,
    relay_leads: Gauge,
    following: Family<Model, Gauge<i64, AtomicI64>>,
    loads: Family<Load, Counter>,
    appends: Family<Append, Counter>,
    append_seconds: Histogram,
    password_hashes: Counter,
}

impl Metrics {
    pub(crate) fn new() -> Self {
        let durations: fn() -> Histogram = || Histogram::new(BOUNDS);
        let mut metrics = Self {
            registry: Registry::with_prefix("twostep"),
            requests: Family::default(),
            request_seconds: Family::new_with_constructor(durations),
            sign_ins: Family::default(),
            deliveries: Family::default(),
            reports_dropped: Counter::default(),
            texts_refused: Family::default(),
            breakers: Family::default(),
            waiting: Family::default(),
            in_hand: Family::default(),
            relay_backlog: Gauge::default(),
            relay_leads: Gauge::default(),
            following: Family::default(),
            loads: Family::default(),
            appends: Family::default(),
            append_seconds: durations(),
            password_hashes: Counter::default(),
        };
        metrics.register();
        metrics
    }

    fn register(&mut self) {
        let registry = &mut self.registry;
        registry.register("http_requests", "Requests answered", self.requests.clone());
        registry.register_with_unit(
            "http_request_duration",
            "Time from a request to its answer; of a stream, to its beginning",
            Unit::Seconds,
            self.request_seconds.clone(),
        );
        registry.register("sign_ins", "Steps of sign-ins, by what came of them", self.sign_ins.clone());
        registry.register("delivery_outcomes", "What workers said of messages", self.deliveries.clone());
        registry.register(
            "delivery_reports_dropped",
            "Words of workers that can never be written down: of no message of ours, or of another channel's",
            self.reports_dropped.clone(),
        );
        registry.register(
            "texts_refused",
            "Texts that were not sent, by the limit that kept them back",
            self.texts_refused.clone(),
        );
        registry.register(
            "delivery_breaker_open",
            "1 while a provider is left alone after failures, 0 while it is asked",
            self.breakers.clone(),
        );
        registry.register(
            "delivery_waiting",
            "Messages in the queue that no worker has taken yet",
            self.waiting.clone(),
        );
        registry.register(
            "delivery_in_hand",
            "Messages in the queue that workers work on, or that wait for another try",
            self.in_hand.clone(),
        );
        registry.register(
            "relay_backlog",
            "Messages that the relay has still to put into the queue; 0 while another one leads",
            self.relay_backlog.clone(),
        );
        registry.register(
            "relay_leads",
            "1 while this process's relay publishes, 0 while another one does or none",
            self.relay_leads.clone(),
        );
        registry.register(
            "read_model_following",
            "1 while the read model or background part follows the log, 0 once it stopped or while it is stuck",
            self.following.clone(),
        );
        registry.register("log_loads", "Loads of a stream from the log, by its kind", self.loads.clone());
        registry.register("log_appends", "Appends to the log, by kind of stream", self.appends.clone());
        registry.register_with_unit(
            "log_append_duration",
            "Time until an append was durable, or refused",
            Unit::Seconds,
            self.append_seconds.clone(),
        );
        registry.register(
            "password_hashes",
            "Password hashes computed; each takes memory and tens of milliseconds",
            self.password_hashes.clone(),
        );
    }

    /// All of it, as text.
    pub(crate) fn render(&self) -> String {
        let mut text = String::new();
        match encode(&mut text, &self.registry) {
            Ok(()) => text,
            Err(error) => {
                tracing::error!(%error, "the metrics can't be written");
                "# EOF\n".to_owned()
            }
        }
    }

    pub(crate) fn signed_in(&self, outcome: SignInOutcome) {
        self.sign_ins.get_or_create(&SignIn { outcome }).inc();
    }

    pub(crate) fn delivered(&self, report: &Report) {
        let outcome = match report.outcome {
            Outcome::Submitted { .. } => "submitted",
            Outcome::Retrying { .. } => "retrying",
            Outcome::Failed { .. } => "failed",
            Outcome::Expired => "expired",
            Outcome::Unknown { .. } => "unknown",
            Outcome::Delivered { .. } => "delivered",
            Outcome::Bounced { .. } => "bounced",
        };
        self.deliveries.get_or_create(&Delivery { channel: report.channel.as_str(), outcome }).inc();
    }

    pub(crate) fn report_dropped(&self) {
        self.reports_dropped.inc();
    }

    pub(crate) fn text_refused(&self, limit: &'static str) {
        self.texts_refused.get_or_create(&Limit { limit }).inc();
    }

    pub(crate) fn breaker(&self, channel: Channel, provider: &str, state: BreakerState) {
        let label = Provider { channel: channel.as_str(), provider: provider.to_owned() };
        let open = !matches!(state, BreakerState::Closed { .. });
        self.breakers.get_or_create(&label).set(i64::from(open));
    }

    pub(crate) fn backlog(&self, messages: usize) {
        self.relay_backlog.set(i64::try_from(messages).unwrap_or(i64::MAX));
    }

    pub(crate) fn waits(&self, lane: &Waiting) {
        let urgency = match lane.urgency {
            Urgency::Urgent => "urgent",
            Urgency::Notice => "notice",
        };
        let label = Lane { channel: lane.channel.as_str(), urgency };
        let number = |count: u64| i64::try_from(count).unwrap_or(i64::MAX);
        self.waiting.get_or_create(&label).set(number(lane.waiting));
        self.in_hand.get_or_create(&label).set(number(lane.in_hand));
    }

    pub(crate) fn leads(&self, leads: bool) {
        self.relay_leads.set(i64::from(leads));
    }

    pub(crate) fn follows(&self, model: &'static str, follows: bool) {
        self.following.get_or_create(&Model { model }).set(i64::from(follows));
    }

    pub(crate) fn hashed(&self, passwords: u64) {
        self.password_hashes.inner().store(passwords, Ordering::Relaxed);
    }

    pub(crate) fn loads(&self, stream: StreamKind) {
        self.loads.get_or_create(&Load { stream: stream.as_str() }).inc();
    }

    pub(crate) fn appended(&self, stream: StreamKind, outcome: AppendOutcome, took: Duration) {
        self.appends.get_or_create(&Append { stream: stream.as_str(), outcome }).inc();
        self.append_seconds.observe(took.as_secs_f64());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_is_written_with_its_labels_and_nothing_else() {
        let metrics = Metrics::new();
        metrics.signed_in(SignInOutcome::WrongCredentials);
        metrics.backlog(3);
        metrics.follows("directory", true);
        metrics.loads(StreamKind::Login);
        metrics.appended(StreamKind::SecondStep, AppendOutcome::Durable, Duration::from_millis(2));
        metrics.hashed(7);
        let text = metrics.render();
        for line in [
            "twostep_sign_ins_total{outcome=\"wrong_credentials\"} 1",
            "twostep_relay_backlog 3",
            "twostep_read_model_following{model=\"directory\"} 1",
            "twostep_log_loads_total{stream=\"login\"} 1",
            "twostep_log_appends_total{stream=\"second-step\",outcome=\"durable\"} 1",
            "twostep_log_append_duration_seconds_bucket{le=\"0.002\"} 1",
            "twostep_password_hashes_total 7",
            "# EOF",
        ] {
            assert!(text.lines().any(|it| it == line), "{line} is not in\n{text}");
        }
    }
}

//! What the workers say, until the service has written it down.

use std::sync::Arc;

use async_nats::jetstream;
use async_trait::async_trait;
use twostep_delivery::{DeadLetter, QueueError, ReceivedReport, Report, Reporter, Reports, Trace};
use twostep_domain::delivery::Channel;

use crate::declaration::outcome_subject;
use crate::{Inner, NatsQueue, burial, trace};

struct NatsReport {
    inner: Arc<Inner>,
    message: jetstream::Message,
    report: Report,
}

#[async_trait]
impl Reporter for NatsQueue {
    async fn report(&self, report: &Report) -> Result<(), QueueError> {
        let bytes =
            serde_json::to_vec(report).expect("a report has string keys only and no failing serializer");
        let (subject, headers) = (outcome_subject(report.channel, report.id), trace::headers(report.id.0));
        let sent = self.inner.jetstream.publish_with_headers(subject, headers, bytes.into()).await;
        let acknowledged = match sent {
            Ok(acknowledgement) => acknowledgement.await,
            Err(error) => Err(error),
        };
        acknowledged.map(drop).map_err(|error| self.inner.unavailable("reporting an outcome", error))
    }
}

#[async_trait]
impl Reports for NatsQueue {
    async fn next(&self) -> Result<Box<dyn ReceivedReport>, QueueError> {
        loop {
            let message = self.inner.reports.next(None).await?;
            let wrong = match serde_json::from_slice::<Report>(&message.payload) {
                // Whoever may speak for one channel speaks for no other (S27).
                Ok(report) if *message.subject == outcome_subject(report.channel, report.id) => {
                    let inner = Arc::clone(&self.inner);
                    return Ok(Box::new(NatsReport { inner, message, report }));
                }
                Ok(_) => "a report about another message than its subject",
                Err(_) => "a report that can't be read: is a worker of another version running?",
            };
            let (inner, subject) = (&self.inner, message.subject.as_str());
            let deliveries = message.info().map_or(1, |info| info.delivered.unsigned_abs());
            let letter = DeadLetter::of(&message.payload, subject, wrong, deliveries, inner.clock.now());
            burial::keep(inner, channel_of(subject), &letter).await?;
            let dropped = message.double_ack_with(jetstream::AckKind::Term).await;
            dropped.map_err(|error| self.inner.unavailable("dropping a report", error))?;
        }
    }
}

/// Whose report lay at `subject`: there are two.
fn channel_of(subject: &str) -> Channel {
    let texts = subject.split('.').nth(2) == Some(Channel::Sms.as_str());
    if texts { Channel::Sms } else { Channel::Email }
}

#[async_trait]
impl ReceivedReport for NatsReport {
    fn report(&self) -> &Report {
        &self.report
    }

    fn trace(&self) -> Option<Trace> {
        trace::of(self.message.headers.as_ref())
    }

    async fn acknowledge(self: Box<Self>) -> Result<(), QueueError> {
        let taken = self.message.double_ack().await;
        taken.map_err(|error| self.inner.unavailable("ending a report", error))
    }
}

//! Named points at which the process dies at once, for the tests of crashes; only beside a clock that moves.

use async_trait::async_trait;
use clap::ValueEnum;
use std::sync::Arc;
use std::time::Duration;
use twostep_delivery::{
    Accepted, Claim, Claims, Payload, QueueError, Report, Reporter, Request, Submit, SubmitError,
};
use twostep_domain::DeliveryId;
use twostep_domain::delivery::Channel;

/// Just after what a worker has done last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum FailPoint {
    /// A message is claimed.
    Claimed,
    /// The claim says that the provider is about to be called.
    Submitting,
    /// The provider has answered.
    Submitted,
    /// The last word is kept.
    Decided,
    /// The service is told; the message still lies in the queue.
    Told,
}

/// A port whose calls may be the last ones.
pub(crate) struct Dying<P: ?Sized> {
    pub(crate) port: Arc<P>,
    pub(crate) at: Option<FailPoint>,
}

impl<P: ?Sized> Dying<P> {
    /// Ends the process as a kill would: nothing is finished, flushed or handed back.
    fn passed(&self, point: FailPoint) {
        if self.at == Some(point) {
            std::process::abort();
        }
    }
}

#[async_trait]
impl Claims for Dying<dyn Claims> {
    fn patience(&self) -> Duration {
        self.port.patience()
    }

    async fn claim(&self, channel: Channel, id: DeliveryId, worker: &str) -> Result<Claim, QueueError> {
        let claim = self.port.claim(channel, id, worker).await;
        self.passed(FailPoint::Claimed);
        claim
    }

    async fn submitting(&self, channel: Channel, id: DeliveryId, worker: &str) -> Result<(), QueueError> {
        let done = self.port.submitting(channel, id, worker).await;
        self.passed(FailPoint::Submitting);
        done
    }

    async fn release(&self, channel: Channel, id: DeliveryId, worker: &str) -> Result<(), QueueError> {
        self.port.release(channel, id, worker).await
    }

    async fn decide(&self, worker: &str, word: &Report) -> Result<(), QueueError> {
        let done = self.port.decide(worker, word).await;
        self.passed(FailPoint::Decided);
        done
    }
}

#[async_trait]
impl Reporter for Dying<dyn Reporter> {
    async fn report(&self, report: &Report) -> Result<(), QueueError> {
        let done = self.port.report(report).await;
        self.passed(FailPoint::Told);
        done
    }
}

#[async_trait]
impl Submit for Dying<dyn Submit> {
    async fn submit(&self, request: &Request, payload: &Payload) -> Result<Accepted, SubmitError> {
        let answer = self.port.submit(request, payload).await;
        self.passed(FailPoint::Submitted);
        answer
    }
}

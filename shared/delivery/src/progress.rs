//! Keeps message and claim alive while a provider takes its time.

use std::future::Future;
use std::pin::pin;
use std::time::Duration;

use twostep_domain::DeliveryId;
use twostep_domain::delivery::Channel;

use crate::{Claims, Message, QueueError};

/// A third of the time after which a queue takes a silent worker for gone.
const BEAT: Duration = Duration::from_secs(10);

/// One message in a worker's hands.
pub(crate) struct Progress<'a> {
    pub(crate) message: &'a dyn Message,
    pub(crate) claims: &'a dyn Claims,
    pub(crate) channel: Channel,
    pub(crate) id: DeliveryId,
    pub(crate) worker: &'a str,
}

impl Progress<'_> {
    /// Marks that the provider is about to be called.
    pub(crate) async fn submitting(&self) -> Result<(), QueueError> {
        self.claims.submitting(self.channel, self.id, self.worker).await
    }

    /// Waits for `call`, telling queue and claim every ten seconds that it still goes on.
    pub(crate) async fn during<T>(&self, call: impl Future<Output = T>) -> T {
        let mut call = pin!(call);
        loop {
            tokio::select! {
                answer = &mut call => return answer,
                () = tokio::time::sleep(BEAT) => self.beat().await,
            }
        }
    }

    async fn beat(&self) {
        if let Err(error) = self.message.in_progress().await {
            tracing::warn!(id = %self.id, %error, "could not tell the queue that a message is being worked on");
        }
        if let Err(error) = self.claims.submitting(self.channel, self.id, self.worker).await {
            tracing::warn!(id = %self.id, %error, "could not renew a claim");
        }
    }
}

//! Keeps message and claim alive while a provider takes its time.

use std::future::Future;
use std::pin::pin;

use twostep_domain::DeliveryId;
use twostep_domain::delivery::Channel;

use crate::{Claims, Message, QueueError};

/// How often it is told that a call goes on, in the time after which a silent worker is taken for gone.
const BEATS: u32 = 3;

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

    /// Waits for `call`, telling queue and claim again and again that it still goes on.
    pub(crate) async fn during<T>(&self, call: impl Future<Output = T>) -> T {
        let mut call = pin!(call);
        let beat = self.claims.patience() / BEATS;
        loop {
            tokio::select! {
                answer = &mut call => return answer,
                () = tokio::time::sleep(beat) => self.beat().await,
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

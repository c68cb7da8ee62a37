//! The service's way in.

use async_trait::async_trait;
use twostep_delivery::{Publisher, QueueError, Request};
use twostep_domain::DeliveryId;
use twostep_domain::delivery::Channel;

use crate::LocalQueue;

#[async_trait]
impl Publisher for LocalQueue {
    async fn publish(&self, request: &Request) -> Result<(), QueueError> {
        let limits = self.inner.limits;
        let room = self.inner.change(|state, now| state.lanes.publish(request, limits, now));
        if room { Ok(()) } else { Err(QueueError::Full) }
    }

    async fn reopen(&self, channel: Channel, id: DeliveryId, round: u32) -> Result<(), QueueError> {
        self.inner.change(|state, now| state.claims.reopen((channel, id), round, now));
        Ok(())
    }
}

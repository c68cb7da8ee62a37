//! The worker's way out.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use chrono::TimeDelta;
use twostep_delivery::{Consumer, Message, QueueError, Trace};
use twostep_domain::delivery::Channel;

use crate::lane::Held;
use crate::{Inner, LocalQueue};

struct LocalMessage {
    inner: Arc<Inner>,
    held: Held,
}

#[async_trait]
impl Consumer for LocalQueue {
    async fn next(&self, channel: Channel) -> Result<Box<dyn Message>, QueueError> {
        let share = self.inner.limits.share;
        let held = self.inner.wait_for(|state, now| state.lanes.take(channel, share, now)).await;
        Ok(Box::new(LocalMessage { inner: Arc::clone(&self.inner), held }))
    }

    async fn next_urgent(&self, channel: Channel) -> Result<Box<dyn Message>, QueueError> {
        let share = self.inner.limits.share;
        let held = self.inner.wait_for(|state, now| state.lanes.take_urgent(channel, share, now)).await;
        Ok(Box::new(LocalMessage { inner: Arc::clone(&self.inner), held }))
    }
}

#[async_trait]
impl Message for LocalMessage {
    fn bytes(&self) -> &[u8] {
        &self.held.bytes
    }

    fn place(&self) -> String {
        self.held.id.to_string()
    }

    fn trace(&self) -> Option<Trace> {
        self.held.trace
    }

    async fn superseded(&self) -> Result<bool, QueueError> {
        Ok(self.inner.lock().lanes.superseded(self.held.id))
    }

    async fn acknowledge(self: Box<Self>) -> Result<(), QueueError> {
        self.inner.change(|state, now| state.lanes.end(self.held.id, self.held.hold, now));
        Ok(())
    }

    /// Nothing gets in here that can't be read: a place to keep what it was would stay empty.
    async fn bury(self: Box<Self>, _: &str) -> Result<(), QueueError> {
        self.acknowledge().await
    }

    async fn retry_after(self: Box<Self>, delay: Duration) -> Result<(), QueueError> {
        let delay = TimeDelta::from_std(delay).unwrap_or(TimeDelta::MAX);
        self.inner.change(|state, now| state.lanes.put_back(self.held.id, self.held.hold, delay, now));
        Ok(())
    }

    async fn in_progress(&self) -> Result<(), QueueError> {
        self.inner.change(|state, now| state.lanes.keep(self.held.id, self.held.hold, now));
        Ok(())
    }
}

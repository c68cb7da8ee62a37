//! A catch-up subscription: everything from a checkpoint on, then whatever comes.

use std::sync::Arc;

use crate::{Checkpoint, ReadError, Reader, RecordedEvent};

/// Events read at a time.
const PAGE: usize = 512;

/// Reads the log from a checkpoint to its live end and goes on from there.
pub struct Subscription {
    reader: Arc<dyn Reader>,
    checkpoint: Checkpoint,
}

impl Subscription {
    /// A subscription to everything after `from`.
    #[must_use]
    pub fn new(reader: Arc<dyn Reader>, from: Checkpoint) -> Self {
        Self { reader, checkpoint: from }
    }

    /// The next events, at least one; waits while there are none. Cancelling the call loses nothing.
    ///
    /// # Errors
    /// [`ReadError`]; the next call starts from the same place.
    pub async fn next(&mut self) -> Result<Vec<RecordedEvent>, ReadError> {
        loop {
            let events = self.reader.read(&self.checkpoint, PAGE).await?;
            if !events.is_empty() {
                for event in &events {
                    self.checkpoint.advance(event.position);
                }
                return Ok(events);
            }
            self.reader.wait_beyond(&self.checkpoint).await?;
        }
    }

    /// How far it has read.
    #[must_use]
    pub fn checkpoint(&self) -> &Checkpoint {
        &self.checkpoint
    }
}

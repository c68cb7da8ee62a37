//! Whose turn it is on a stream: commands of one process wait for each other instead of conflicting.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::OwnedMutexGuard;
use twostep_event_store::StreamId;

/// How many commands may wait for one stream.
const WAITING: usize = 256;

/// A queue per stream, while somebody is in it.
#[derive(Default)]
pub(crate) struct Turns(Mutex<HashMap<StreamId, Arc<tokio::sync::Mutex<()>>>>);

/// The right to work on a stream; given back when dropped.
pub(crate) struct Turn {
    turns: Arc<Turns>,
    stream: StreamId,
    guard: Option<OwnedMutexGuard<()>>,
}

impl Turns {
    /// Waits for the turn on `stream`; nothing, where too many wait already.
    pub(crate) async fn wait(self: &Arc<Self>, stream: &StreamId) -> Option<Turn> {
        let queue = {
            let mut queues = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            let queue = queues.entry(stream.clone()).or_default();
            if Arc::strong_count(queue) > WAITING {
                return None;
            }
            queue.clone()
        };
        // Made before the wait, so that a waiter who gives up leaves no queue behind.
        let mut turn = Turn { turns: self.clone(), stream: stream.clone(), guard: None };
        turn.guard = Some(queue.lock_owned().await);
        Some(turn)
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        self.guard = None;
        let mut queues = self.turns.0.lock().unwrap_or_else(PoisonError::into_inner);
        if queues.get(&self.stream).is_some_and(|queue| Arc::strong_count(queue) == 1) {
            queues.remove(&self.stream);
        }
    }
}

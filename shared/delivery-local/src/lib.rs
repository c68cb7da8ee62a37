//! The in-process queue: every port of delivery in memory, for one process that holds both sides.
//!
//! What is lost with the process is published again by the relay at the next start: the log has it. A message that
//! was taken out stays here, invisible for a while; unless it is ended in that time, it comes again.

mod challenges;
mod claims;
mod consumer;
mod lane;
mod leadership;
mod limits;
mod line;
mod publisher;
mod reports;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use chrono::TimeDelta;
use tokio::sync::watch;
use twostep_clock::SharedClock;
use twostep_delivery::Waiting;
use twostep_domain::Time;
use twostep_domain::delivery::{Channel, Urgency};

use crate::claims::ClaimBook;
use crate::lane::Lanes;
use crate::reports::ReportBook;

pub use limits::Limits;

/// How long a message, a report or a claim may be held in silence before its holder counts as gone.
pub const PATIENCE: TimeDelta = TimeDelta::seconds(30);

/// The queue; clones share it.
#[derive(Clone)]
pub struct LocalQueue {
    inner: Arc<Inner>,
}

struct Inner {
    clock: SharedClock,
    limits: Limits,
    state: Mutex<State>,
    changed: watch::Sender<()>,
}

#[derive(Default)]
struct State {
    lanes: Lanes,
    claims: ClaimBook,
    reports: ReportBook,
}

impl LocalQueue {
    /// An empty queue.
    #[must_use]
    pub fn new(clock: SharedClock, limits: Limits) -> Self {
        let (state, changed) = (Mutex::default(), watch::Sender::new(()));
        Self { inner: Arc::new(Inner { clock, limits, state, changed }) }
    }
}

impl LocalQueue {
    /// How much waits, by channel and urgency.
    #[must_use]
    pub fn waiting(&self) -> Vec<Waiting> {
        let state = self.inner.lock();
        let lanes = [Channel::Email, Channel::Sms]
            .into_iter()
            .flat_map(|channel| [Urgency::Urgent, Urgency::Notice].map(|urgency| (channel, urgency)));
        let count = |(channel, urgency)| {
            let (waiting, in_hand) = state.lanes.count_in((channel, urgency));
            Waiting { channel, urgency, waiting: waiting as u64, in_hand: in_hand as u64 }
        };
        lanes.map(count).collect()
    }
}

impl Inner {
    fn now(&self) -> Time {
        self.clock.now()
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Changes the state and wakes whoever waits for a change.
    fn change<T>(&self, by: impl FnOnce(&mut State, Time) -> T) -> T {
        let now = self.now();
        let done = by(&mut self.lock(), now);
        self.changed.send_replace(());
        done
    }

    /// Tries `take` until it gives something, after every change and whenever something becomes due.
    async fn wait_for<T>(&self, mut take: impl FnMut(&mut State, Time) -> Result<T, Option<Time>>) -> T {
        let mut changed = self.changed.subscribe();
        loop {
            changed.borrow_and_update();
            let tried = take(&mut self.lock(), self.now());
            match tried {
                Ok(taken) => return taken,
                Err(Some(due)) => tokio::select! {
                    () = self.clock.sleep_until(due) => {}
                    _ = changed.changed() => {}
                },
                // The sender lives in `self`: it can't be gone.
                Err(None) => drop(changed.changed().await),
            }
        }
    }
}

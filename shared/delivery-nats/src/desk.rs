//! Gives what lies in one or two consumers to whoever waits for it, what is urgent first.
//!
//! One task asks for all who wait: for as many messages as hands are free, and no more. Nothing lies in this process that
//! nobody works on: what comes when no hand is free for it any more goes back, for another worker to take.

mod clerk;
mod given;

use std::sync::OnceLock;

use async_nats::jetstream::Message;
use tokio::sync::{mpsc, oneshot};
use twostep_delivery::QueueError;
use twostep_domain::delivery::Urgency;

use crate::lane::{Lane, Source};
use crate::server::Server;

use clerk::Clerk;
use given::Wish;

/// Where to wait for messages.
pub(crate) struct Desk {
    server: Server,
    urgent: Source,
    notices: Option<Source>,
    wishes: OnceLock<mpsc::UnboundedSender<Wish>>,
}

impl Desk {
    /// What lies in `urgent` before what lies in `notices`.
    pub(crate) fn new(server: Server, urgent: Source, notices: Option<Source>) -> Self {
        Self { server, urgent, notices, wishes: OnceLock::new() }
    }

    /// Whether there is something to take messages from, and what time it is.
    pub(crate) async fn is_there(&self) -> Result<(), QueueError> {
        for source in [Some(&self.urgent), self.notices.as_ref()].into_iter().flatten() {
            source.find(&self.server).await?;
        }
        self.server.clocks.check()
    }

    /// The next message; waits while there is none. Whoever stops waiting loses nothing.
    pub(crate) async fn next(&self, only: Option<Urgency>) -> Result<Message, QueueError> {
        let (turn, given) = oneshot::channel();
        let gone =
            || self.server.unavailable("taking a message", "the task that asks for messages broke off");
        self.wishes().send(Wish::Wait(only, turn)).map_err(|_| gone())?;
        given.await.map_err(|_| gone())??.take().map(|message| *message).ok_or_else(gone)
    }

    /// The task runs from when it is first asked for something until nobody can ask any more.
    fn wishes(&self) -> &mpsc::UnboundedSender<Wish> {
        self.wishes.get_or_init(|| {
            let (wishes, told) = mpsc::unbounded_channel();
            let (urgent, notices) = (Lane::of(self.urgent.clone()), self.notices.clone().map(Lane::of));
            tokio::spawn(Clerk::new(self.server.clone(), urgent, notices, wishes.downgrade()).serve(told));
            wishes
        })
    }
}

//! A message on its way to who waits for it.

use async_nats::jetstream::Message;
use tokio::sync::{mpsc, oneshot};
use twostep_delivery::QueueError;
use twostep_domain::delivery::Urgency;

/// Dropped before it is taken, because nobody waits any more, it goes back to the desk.
pub(super) struct Given {
    message: Option<(Urgency, Box<Message>)>,
    desk: mpsc::UnboundedSender<Wish>,
}

impl Given {
    pub(super) fn new(urgency: Urgency, message: Box<Message>, desk: mpsc::UnboundedSender<Wish>) -> Self {
        Self { message: Some((urgency, message)), desk }
    }

    pub(super) fn take(mut self) -> Option<Box<Message>> {
        self.message.take().map(|(_, message)| message)
    }
}

impl Drop for Given {
    fn drop(&mut self) {
        if let Some((urgency, message)) = self.message.take() {
            // Where the desk is gone as well, the process ends: the message comes again.
            drop(self.desk.send(Wish::Back(urgency, message)));
        }
    }
}

/// What the task is told.
pub(super) enum Wish {
    /// A hand is free: for what is of this urgency only, or for anything.
    Wait(Option<Urgency>, Turn),
    /// A message didn't get to who was to have it.
    Back(Urgency, Box<Message>),
}

/// Where a message is waited for.
pub(super) type Turn = oneshot::Sender<Result<Given, QueueError>>;

//! The queue's port: what the service puts in and takes out, and what a worker takes out and puts in.

use std::time::Duration;

use async_trait::async_trait;
use twostep_domain::DeliveryId;
use twostep_domain::delivery::Channel;

use crate::{Report, Request, Trace};

/// The queue can't be reached or refuses; nothing is lost, the log has it.
#[derive(Debug, thiserror::Error)]
pub enum QueueError {
    /// It is full: wait and publish again.
    #[error("the delivery queue is full")]
    Full,
    /// It is not there, or doesn't let us.
    #[error("the delivery queue can't be used: {reason}")]
    Unavailable {
        /// What is wrong.
        reason: String,
    },
}

/// The service's way in.
#[async_trait]
pub trait Publisher: Send + Sync {
    /// Puts a message into the queue, with what it is because of ([`Trace::current`]); a message with the same id that lies
    /// there already may be left as it is, unless it is of an earlier round.
    ///
    /// # Errors
    /// [`QueueError`].
    async fn publish(&self, request: &Request) -> Result<(), QueueError>;

    /// Lets `id`, which was decided, be claimed anew, before it is published for the `round`-th time that an operator wants
    /// it sent once more. What was decided in this round or a later one stays decided, so calling it again does nothing.
    ///
    /// # Errors
    /// [`QueueError`].
    async fn reopen(&self, channel: Channel, id: DeliveryId, round: u32) -> Result<(), QueueError>;
}

/// The service's way out: what the workers say.
#[async_trait]
pub trait Reports: Send + Sync {
    /// The next report; waits while there is none.
    ///
    /// # Errors
    /// [`QueueError`].
    async fn next(&self) -> Result<Box<dyn ReceivedReport>, QueueError>;
}

/// A report that was taken out; it comes again unless it is acknowledged.
#[async_trait]
pub trait ReceivedReport: Send {
    /// What it says.
    fn report(&self) -> &Report;

    /// What it is because of, as far as whoever told it knew.
    fn trace(&self) -> Option<Trace>;

    /// It is in the log.
    ///
    /// # Errors
    /// [`QueueError`]: it may come again.
    async fn acknowledge(self: Box<Self>) -> Result<(), QueueError>;
}

/// A worker's way out: messages of one channel, the urgent ones first. Whoever stops waiting for one loses none.
#[async_trait]
pub trait Consumer: Send + Sync {
    /// The next message; waits while there is none.
    ///
    /// # Errors
    /// [`QueueError`].
    async fn next(&self, channel: Channel) -> Result<Box<dyn Message>, QueueError>;

    /// The next message that somebody waits for; notices are left where they are.
    ///
    /// # Errors
    /// [`QueueError`].
    async fn next_urgent(&self, channel: Channel) -> Result<Box<dyn Message>, QueueError>;
}

/// A message that was taken out; it comes again unless it is ended.
#[async_trait]
pub trait Message: Send + Sync {
    /// Its bytes, as they came.
    fn bytes(&self) -> &[u8];

    /// What it is because of, as far as whoever published it knew.
    fn trace(&self) -> Option<Trace>;

    /// Whether a newer message for the same challenge was published since: then this one need not be sent.
    ///
    /// # Errors
    /// [`QueueError`].
    async fn superseded(&self) -> Result<bool, QueueError>;

    /// It is dealt with.
    ///
    /// # Errors
    /// [`QueueError`]: it may come again.
    async fn acknowledge(self: Box<Self>) -> Result<(), QueueError>;

    /// Nobody can work on it: it is taken off for good. Where the queue has a place for that, what it was is kept, and nothing
    /// that was in it.
    ///
    /// # Errors
    /// [`QueueError`]: it may come again.
    async fn bury(self: Box<Self>, reason: &str) -> Result<(), QueueError>;

    /// It comes again after `delay`.
    ///
    /// # Errors
    /// [`QueueError`]: it comes again when the queue takes it for lost.
    async fn retry_after(self: Box<Self>, delay: Duration) -> Result<(), QueueError>;

    /// It is still being worked on.
    ///
    /// # Errors
    /// [`QueueError`].
    async fn in_progress(&self) -> Result<(), QueueError>;

    /// Where it lies, in the queue's own words: for the operator's eyes.
    fn place(&self) -> String;
}

/// A worker's way in.
#[async_trait]
pub trait Reporter: Send + Sync {
    /// Tells the service what became of a message, with what that is because of ([`Trace::current`]).
    ///
    /// # Errors
    /// [`QueueError`]: tell again.
    async fn report(&self, report: &Report) -> Result<(), QueueError>;
}

/// Who works on which message: taken before sending, in two steps, so that a crash between them is told apart.
///
/// A claim is a lease: it is `Busy` for everybody, its own worker too, until it is released, decided, or its owner has
/// been silent for longer than any call takes. The claims of a channel are apart: whoever serves one touches no other's (S27).
#[async_trait]
pub trait Claims: Send + Sync {
    /// After how long a silent owner counts as gone.
    fn patience(&self) -> Duration;

    /// Takes `id` for `worker`, counting the try.
    ///
    /// # Errors
    /// [`QueueError`].
    async fn claim(&self, channel: Channel, id: DeliveryId, worker: &str) -> Result<Claim, QueueError>;

    /// Marks that the provider is about to be called; called again, it renews the claim.
    ///
    /// # Errors
    /// [`QueueError`], also when the claim is another worker's by now.
    async fn submitting(&self, channel: Channel, id: DeliveryId, worker: &str) -> Result<(), QueueError>;

    /// Lets go of `id`, so that the next try can claim it.
    ///
    /// # Errors
    /// [`QueueError`].
    async fn release(&self, channel: Channel, id: DeliveryId, worker: &str) -> Result<(), QueueError>;

    /// Keeps the last word on a message before it is told: from now on nobody calls a provider for it, and whoever claims
    /// it gets that word to tell. It stays after it was told: what a queue loses of reports is told again.
    ///
    /// # Errors
    /// [`QueueError`].
    async fn decide(&self, worker: &str, word: &Report) -> Result<(), QueueError>;
}

/// What a claim finds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Claim {
    /// It is ours; this is try number `attempt`, counted from 1.
    Taken {
        /// Which try.
        attempt: u32,
    },
    /// A worker that is gone had called the provider already; what came of it isn't known.
    TakenAfterSubmitting {
        /// Which try.
        attempt: u32,
    },
    /// It is decided, and the service may not have heard of it: this is the word.
    Decided(Box<Report>),
    /// Another worker has it.
    Busy,
}

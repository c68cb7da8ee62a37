//! Delivery: what is sent, the queue between the relay and the workers, and the one step that a worker takes.
//!
//! - The service side turns intents into [`Request`]s and puts them into a [`Publisher`]; it takes [`Report`]s from [`Reports`].
//! - The worker side takes requests from a [`Consumer`], claims them in [`Claims`], sends through a channel, and reports.
//!
//! The queue is never the only place where a fact lives: the relay publishes again whatever has not ended.

mod content;
mod outcome;
mod queue;
mod request;
mod seal;

pub use content::{Content, Payload};
pub use outcome::{Outcome, Report};
pub use queue::{Claim, Claims, Consumer, Message, Publisher, QueueError, ReceivedReport, Reporter, Reports};
pub use request::{MalformedRequest, Request, SealedPayload};
pub use seal::{ChannelKey, ChannelKeys, Unopenable};

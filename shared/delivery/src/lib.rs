//! Delivery: what is sent, the queue between the relay and the workers, and the one step that a worker takes.
//!
//! - The service side turns intents into [`Request`]s and puts them into a [`Publisher`]; it takes [`Report`]s from [`Reports`].
//! - The worker side takes requests from a [`Consumer`], claims them in [`Claims`], sends through a channel, and reports.
//!
//! The queue is never the only place where a fact lives: the relay publishes again whatever has not ended.

pub mod conformance;

mod breaker;
mod channel;
mod content;
mod dead_letter;
mod failover;
mod leadership;
mod news;
mod outcome;
mod progress;
mod queue;
mod reference;
mod request;
mod retry;
mod run;
mod seal;
mod step;
mod told;
mod trace;
mod waiting;
mod worker;

pub use breaker::{Breaker, BreakerSettings, BreakerState, Permit};
pub use channel::{Accepted, Submit, SubmitError};
pub use content::{Content, Payload};
pub use dead_letter::{DeadLetter, Ids};
pub use failover::{Failover, Provider, ProviderError};
pub use leadership::Leadership;
pub use news::{Doer, PersonName, PolicyChange, RosterChange, RosterStep};
pub use outcome::{Outcome, Report};
pub use queue::{Claim, Claims, Consumer, Message, Publisher, QueueError, ReceivedReport, Reporter, Reports};
pub use reference::{Reference, UnreadableReference};
pub use request::{MalformedRequest, Request, SealedPayload};
pub use retry::{Jitter, seeded_jitter};
pub use seal::{ChannelKey, ChannelKeys, MalformedKeys, Unopenable};
pub use step::Step;
pub use trace::{NoTrace, Trace};
pub use waiting::Waiting;
pub use worker::Worker;

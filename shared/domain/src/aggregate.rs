//! What an aggregate is: a fold over its own events, and a decision.

use schemars::JsonSchema;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::Event;

/// The kinds of streams in the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum StreamKind {
    /// One per company: registration, policy, roster of Master Admins.
    Company,
    /// One per technician group.
    Group,
    /// One per login name, keyed by its HMAC: who holds the name.
    Login,
    /// One per person: what administrators manage, and the password.
    Member,
    /// One per person: methods, set-up, challenges, counters, lock, sessions.
    SecondStep,
    /// One per login name, keyed by its HMAC: failures of the first step.
    Password,
    /// One per message.
    Delivery,
}

impl StreamKind {
    /// The kind as it stands in stream names and envelopes.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Company => "company",
            Self::Group => "group",
            Self::Login => "login",
            Self::Member => "member",
            Self::SecondStep => "second-step",
            Self::Password => "password",
            Self::Delivery => "delivery",
        }
    }

    /// Every kind, in the order of the vocabulary.
    pub const ALL: [Self; 7] = [
        Self::Company,
        Self::Group,
        Self::Login,
        Self::Member,
        Self::SecondStep,
        Self::Password,
        Self::Delivery,
    ];
}

/// A consistency boundary: everything that one append must judge together.
///
/// Both functions are pure and synchronous on purpose: look things up first, then pass them in.
pub trait Aggregate: Sized + Send + Sync + 'static {
    /// Which streams hold it.
    const KIND: StreamKind;
    /// What its events add up to; the default is "nothing has happened yet". It serialises for snapshots, which are
    /// thrown away with the code that made them: no two versions ever read the same one.
    type State: Default
        + Clone
        + PartialEq
        + std::fmt::Debug
        + Serialize
        + DeserializeOwned
        + Send
        + Sync
        + 'static;
    /// What can be asked of it.
    type Command;
    /// What can have happened to it.
    type Event: Event;
    /// Why a command is refused.
    type Error;

    /// The state after `event`. Total: it never fails and never ignores an event by accident.
    fn evolve(state: Self::State, event: &Self::Event) -> Self::State;

    /// What `command` causes in `state`: the events to append, in order, or the reason for refusing it.
    ///
    /// # Errors
    /// The aggregate's own error: each names the rule that refuses the command.
    fn decide(state: &Self::State, command: Self::Command) -> Result<Vec<Self::Event>, Self::Error>;

    /// The event that remembers a request with an idempotency key where `decide` has nothing to change; none: it never has
    /// nothing for such a request, but refuses it.
    #[must_use]
    fn unchanged() -> Option<Self::Event> {
        None
    }

    /// The fold of `events` from nothing.
    fn fold<'e>(events: impl IntoIterator<Item = &'e Self::Event>) -> Self::State {
        events.into_iter().fold(Self::State::default(), Self::evolve)
    }
}

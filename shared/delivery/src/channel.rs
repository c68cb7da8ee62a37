//! The channel's port: it renders one message and hands it to a provider.

use std::time::Duration;

use async_trait::async_trait;
use twostep_domain::delivery::Failure;

use crate::{Payload, Request};

/// E-mail or text: renders one message and hands it to a provider.
#[async_trait]
pub trait Submit: Send + Sync {
    /// Renders and submits one message, once: whether to try again is the worker's decision.
    ///
    /// # Errors
    /// [`SubmitError`]: says whether to retry, to give up, or that nobody knows.
    async fn submit(&self, request: &Request, payload: &Payload) -> Result<Accepted, SubmitError>;
}

/// A provider took the message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Accepted {
    /// Which provider.
    pub provider: String,
    /// Its own id of the message, where it gives one.
    pub provider_id: Option<String>,
}

/// A message was not surely taken; `reason`s never hold an address, a code or a link.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SubmitError {
    /// Surely not taken; a later try may succeed.
    #[error("not taken now: {reason}")]
    Retry {
        /// Not earlier than this, where the provider says so.
        after: Option<Duration>,
        /// What the provider said.
        reason: String,
    },
    /// Surely not taken, and trying again doesn't help.
    #[error("refused: {reason}")]
    Reject {
        /// The class of the reason.
        because: Failure,
        /// What the provider said.
        reason: String,
    },
    /// Taken or not: the answer got lost.
    #[error("it is unknown whether {provider} took it: {reason}")]
    Unknown {
        /// Which provider.
        provider: String,
        /// What was lost.
        reason: String,
    },
}

impl SubmitError {
    /// The message asked for can't be made, now or ever.
    #[must_use]
    pub fn poison(reason: &str) -> Self {
        Self::Reject { because: Failure::Poison, reason: reason.to_owned() }
    }
}

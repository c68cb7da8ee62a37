//! What became of a message, as the worker tells the service.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use twostep_domain::delivery::{Channel, Failure};
use twostep_domain::{CompanyId, DeliveryId, Time};

/// A worker's word on one message; JSON on the wire. The same report may arrive twice.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Report {
    /// Which message.
    pub id: DeliveryId,
    /// Whose.
    pub company: CompanyId,
    /// By e-mail or text.
    pub channel: Channel,
    /// The round of the message that it is about; none: whoever tells it can't know.
    #[serde(default)]
    pub round: Option<u32>,
    /// Tries so far.
    pub attempts: u32,
    /// When, by the worker's clock.
    pub at: Time,
    /// What became of it.
    pub outcome: Outcome,
}

impl Report {
    /// Whether it is about what was sent in `round`: a word of a round before says nothing of the message that is sent once more.
    #[must_use]
    pub fn is_of(&self, round: u32) -> bool {
        self.round.is_none_or(|told| told >= round)
    }
}

/// What became of a message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case", tag = "is")]
pub enum Outcome {
    /// A provider took it.
    Submitted {
        /// Which provider.
        provider: String,
        /// Its id of it, where it gives one.
        provider_id: Option<String>,
    },
    /// A try failed, another follows.
    Retrying {
        /// What the provider said, without address and content.
        reason: String,
        /// When.
        next_at: Time,
    },
    /// It will not be sent.
    Failed {
        /// The class of the reason.
        because: Failure,
        /// What the provider said, without address and content.
        reason: String,
    },
    /// It was of no more use before a provider took it.
    Expired,
    /// It may or may not have been taken.
    Unknown {
        /// Which provider.
        provider: String,
        /// What was lost.
        reason: String,
    },
    /// The provider says that it arrived.
    Delivered {
        /// Which provider.
        provider: String,
    },
    /// The provider took it and gave it back.
    Bounced {
        /// Which provider.
        provider: String,
        /// What it said.
        reason: String,
    },
}

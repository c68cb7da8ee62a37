//! What can have happened to one message.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::codec::events;
use crate::{Digest, IntentId, MemberId, Time};

use super::{Channel, MessageKind, Urgency};

events! {
    /// The events of a message's stream.
    pub enum DeliveryEvent {
        DeliveryRequested = 1,
        DeliverySubmitted = 1,
        DeliveryRetried = 1,
        DeliveryDelivered = 1,
        DeliveryBounced = 1,
        DeliveryFailed = 1,
        DeliveryExpired = 1,
        DeliveryUnknown = 1,
        DeliveryRedriven = 1,
    }
}

/// The relay made this message of an intent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct DeliveryRequested {
    /// The event that wants it sent.
    pub intent: IntentId,
    /// To whom.
    pub recipient: MemberId,
    /// The keyed hash of the address or number.
    pub destination_hash: Digest,
    /// By e-mail or text.
    pub channel: Channel,
    /// What it says.
    pub kind: MessageKind,
    /// Whether somebody waits for it.
    pub urgency: Urgency,
    /// When it is of no more use.
    pub expires_at: Time,
}

/// A provider took it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct DeliverySubmitted {
    /// Which provider.
    pub provider: String,
    /// The provider's own id of it, where it gives one.
    pub provider_id: Option<String>,
    /// Tries so far, this one included.
    pub attempts: u32,
}

/// A try failed; another follows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct DeliveryRetried {
    /// What the provider said, without address and content.
    pub reason: String,
    /// When the next try is due.
    pub next_at: Time,
    /// Tries so far.
    pub attempts: u32,
}

/// The provider says that it arrived.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct DeliveryDelivered {
    /// Which provider.
    pub provider: String,
}

/// The provider took it and gave it back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct DeliveryBounced {
    /// Which provider.
    pub provider: String,
    /// What it said, without address and content.
    pub reason: String,
}

/// It will not be sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct DeliveryFailed {
    /// The class of the reason.
    pub because: Failure,
    /// What the provider said, without address and content.
    pub reason: String,
    /// Tries so far.
    pub attempts: u32,
}

/// Why a message is not sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Failure {
    /// The far end refuses this address or number for good.
    Rejected,
    /// Our own settings are refused (credentials, sender): nobody's address is to blame.
    Configuration,
    /// The company's limits on texts: the number's country is off its list, or a cap is used up.
    Budget,
    /// It can't be read: not one of our messages.
    Poison,
    /// A newer message with the same code took its place.
    Superseded,
    /// Nobody is left to send it to, or nothing of it to send: the person, the address or the key is gone.
    Gone,
}

/// Nobody took it before it was of no more use.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct DeliveryExpired {
    /// Tries so far.
    pub attempts: u32,
}

/// It may or may not have been taken: the answer got lost. It isn't sent again by itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct DeliveryUnknown {
    /// Which provider.
    pub provider: String,
    /// What was lost.
    pub reason: String,
    /// Tries so far.
    pub attempts: u32,
}

/// A message that had ended badly is sent once more: an operator wants it so.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct DeliveryRedriven {
    /// Why, in the operator's words.
    pub reason: String,
}

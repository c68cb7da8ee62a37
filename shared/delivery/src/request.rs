//! The message on the queue: ids in clear, destination and content sealed to the channel.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use twostep_domain::delivery::{Channel, MessageKind, Urgency};
use twostep_domain::{ChallengeId, CompanyId, DeliveryId, IntentId, Time};

/// One message to one recipient, as it lies in the queue; JSON on the wire.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Request {
    /// The version of this shape.
    pub version: u16,
    /// Its id: the same for every copy, v5 of intent, recipient, destination and kind.
    pub id: DeliveryId,
    /// Whose message.
    pub company: CompanyId,
    /// The event that wants it sent.
    pub intent: IntentId,
    /// By e-mail or text.
    pub channel: Channel,
    /// What it says.
    pub kind: MessageKind,
    /// The challenge whose code it carries: a newer message for the same challenge takes the place of an unclaimed older one.
    pub challenge: Option<ChallengeId>,
    /// When the intent was recorded.
    pub requested_at: Time,
    /// When it is of no more use.
    pub expires_at: Time,
    /// How often an operator wanted it sent once more: what is said of an earlier time doesn't end it.
    #[serde(default)]
    pub round: u32,
    /// Destination and content.
    pub payload: SealedPayload,
}

/// A payload sealed with the channel's key.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SealedPayload {
    /// Which of the channel's keys.
    pub key_id: String,
    /// Nonce and ciphertext, base64.
    pub sealed: String,
}

impl std::fmt::Debug for SealedPayload {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "SealedPayload({})", self.key_id)
    }
}

/// The bytes are no request that this program reads: poison.
#[derive(Debug, thiserror::Error)]
pub enum MalformedRequest {
    /// Not JSON of this shape.
    #[error("the message is not a delivery request")]
    Shape(#[source] serde_json::Error),
    /// A shape that this program doesn't know.
    #[error("the message has version {0}, this program reads version {version}", version = Request::VERSION)]
    Version(u16),
}

impl Request {
    /// The version that is written today.
    pub const VERSION: u16 = 1;

    /// Whether somebody waits for it.
    #[must_use]
    pub fn urgency(&self) -> Urgency {
        self.kind.urgency()
    }

    /// The bytes on the wire.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        serde_json::to_vec(self).expect("a request has string keys only and no failing serializer")
    }

    /// Reads bytes from the wire.
    ///
    /// # Errors
    /// [`MalformedRequest`]: such a message is poison, trying again doesn't help.
    pub fn decode(bytes: &[u8]) -> Result<Self, MalformedRequest> {
        #[derive(Deserialize)]
        struct Versioned {
            version: u16,
        }
        let Versioned { version } = serde_json::from_slice(bytes).map_err(MalformedRequest::Shape)?;
        if version != Self::VERSION {
            return Err(MalformedRequest::Version(version));
        }
        serde_json::from_slice(bytes).map_err(MalformedRequest::Shape)
    }
}

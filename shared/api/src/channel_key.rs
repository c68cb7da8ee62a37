//! A channel's key, behind the operator's socket: what a worker of that channel opens its messages with.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Asks for a channel's key.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AskForChannelKey {
    /// `email` or `sms`.
    pub channel: String,
    /// The challenge that was given out.
    pub challenge: String,
    /// The proof that the asker holds the master key, over challenge and channel.
    pub proof: String,
}

impl AskForChannelKey {
    /// What the proof covers beside the challenge, in this order.
    #[must_use]
    pub fn proven(&self) -> [&str; 2] {
        ["channel-key", &self.channel]
    }
}

/// A channel's key.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
pub struct ChannelKeyHandedOver {
    /// A line per key, `ID BASE64`, the newest first: what a worker's setting `channel_key` takes.
    pub text: String,
}

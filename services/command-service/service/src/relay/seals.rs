//! What payloads are sealed with.

use twostep_delivery::ChannelKeys;
use twostep_domain::delivery::Channel;

/// The keys that payloads are sealed with, a channel each.
pub struct ChannelSeals {
    /// E-mail's.
    pub email: ChannelKeys,
    /// Texts'.
    pub sms: ChannelKeys,
}

impl ChannelSeals {
    pub(super) fn of(&self, channel: Channel) -> &ChannelKeys {
        match channel {
            Channel::Email => &self.email,
            Channel::Sms => &self.sms,
        }
    }
}

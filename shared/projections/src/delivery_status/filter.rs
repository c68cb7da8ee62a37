//! Which messages somebody asks for.

use twostep_domain::delivery::{Channel, MessageKind};
use twostep_domain::{MemberId, Time};

use super::MessageStatus;

/// Which messages somebody asks for: those that fit everything that is said.
#[derive(Clone, Debug, Default)]
pub struct MessageFilter {
    /// So far: [`Progress::as_str`](twostep_domain::delivery::Progress::as_str).
    pub state: Option<String>,
    /// By this channel.
    pub channel: Option<Channel>,
    /// That say this.
    pub kind: Option<MessageKind>,
    /// To this person.
    pub recipient: Option<MemberId>,
    /// Asked for then or later.
    pub from: Option<Time>,
    /// Asked for before.
    pub until: Option<Time>,
}

impl MessageFilter {
    pub(super) fn lets(&self, message: &MessageStatus) -> bool {
        self.state.as_deref().is_none_or(|state| state == message.progress.as_str())
            && self.channel.is_none_or(|channel| channel == message.channel)
            && self.kind.is_none_or(|kind| kind == message.kind)
            && self.recipient.is_none_or(|recipient| recipient == message.recipient)
            && self.from.is_none_or(|from| from <= message.requested_at)
            && self.until.is_none_or(|until| message.requested_at < until)
    }
}

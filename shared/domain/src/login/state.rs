//! What a login's events add up to.

use serde::{Deserialize, Serialize};

use super::LoginEvent;
use crate::MemberId;

/// Who holds a login name.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum LoginState {
    /// Nobody.
    #[default]
    Free,
    /// This member.
    Held(MemberId),
}

impl LoginState {
    /// Who holds it.
    #[must_use]
    pub fn holder(self) -> Option<MemberId> {
        match self {
            Self::Free => None,
            Self::Held(member) => Some(member),
        }
    }

    pub(super) fn after(self, event: &LoginEvent) -> Self {
        match event {
            LoginEvent::LoginClaimed(event) => Self::Held(event.member),
            LoginEvent::LoginReleased(event) if self == Self::Held(event.member) => Self::Free,
            LoginEvent::LoginReleased(_) => self,
        }
    }
}

//! What can have happened to a login name.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::MemberId;
use crate::codec::events;

events! {
    /// The events of a login's stream.
    pub enum LoginEvent {
        LoginClaimed = 1,
        LoginReleased = 1,
    }
}

/// Somebody holds this login.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct LoginClaimed {
    /// Who.
    pub member: MemberId,
}

/// The login is free.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct LoginReleased {
    /// Who held it.
    pub member: MemberId,
}

//! A member's password.

use serde::{Deserialize, Serialize};

use super::{Link, PasswordChanged, PasswordProof};
use crate::{Sealed, Time};

/// A password, as its hash, and where it came from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Password {
    hash: Sealed,
    long: bool,
    origin: Origin,
}

/// How a password was set.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Origin {
    /// Through the invitation's link.
    Invitation,
    /// Through a reset's link.
    Reset {
        /// When that link would have died.
        until: Option<Time>,
    },
    /// With the old one, and a second step where one is set up.
    Change,
}

impl Password {
    pub(super) fn set(event: &PasswordChanged, reset: Option<&Link>) -> Self {
        let origin = match event.through {
            PasswordProof::Invitation => Origin::Invitation,
            PasswordProof::Reset => Origin::Reset { until: reset.map(|link| link.expires_at) },
            PasswordProof::Change => Origin::Change,
        };
        Self { hash: event.hash.clone(), long: event.long, origin }
    }

    /// The Argon2id hash, sealed to the person.
    #[must_use]
    pub fn hash(&self) -> &Sealed {
        &self.hash
    }

    /// Whether it has the 15 characters that a person without a second step needs (S32).
    #[must_use]
    pub fn is_long(&self) -> bool {
        self.long
    }

    /// How it was set.
    #[must_use]
    pub fn origin(&self) -> Origin {
        self.origin
    }

    /// When the link that reset it would have died; none: it was set another way.
    #[must_use]
    pub fn reset_until(&self) -> Option<Time> {
        match self.origin {
            Origin::Reset { until } => until,
            Origin::Invitation | Origin::Change => None,
        }
    }
}

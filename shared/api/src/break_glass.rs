//! Break-glass, behind the operator's socket.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// Lets a Master Admin in who can't get in any other way.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BreakGlass {
    /// The company's short name.
    pub company: String,
    /// The person's login or id.
    pub member: String,
    /// Why; recorded, and every Master Admin is told that the glass was broken.
    pub reason: String,
    /// The challenge that was given out.
    pub challenge: String,
    /// The proof that the asker holds the master key, over challenge, company, member and reason.
    pub proof: String,
}

impl BreakGlass {
    /// What the proof covers beside the challenge, in this order.
    #[must_use]
    pub fn proven(&self) -> [&str; 4] {
        ["break-glass", &self.company, &self.member, &self.reason]
    }
}

/// The way in.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
pub struct GlassBroken {
    /// The person.
    pub member: Uuid,
    /// The link that sets a new password, once. The second step is set up anew at the sign-in after it.
    pub url: String,
    /// When the link dies.
    pub expires_at: DateTime<Utc>,
}

//! The master key, behind the operator's socket: whoever holds it proves that, and puts another in its place.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What possession of the master key is proven over; one use, one minute.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct PossessionChallenge {
    /// Random text.
    pub challenge: String,
}

/// Wraps every key with another master key.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RotateMasterKey {
    /// The challenge that was given out.
    pub challenge: String,
    /// The new key, sealed with the present one for this challenge, in lowercase hexadecimal.
    pub sealed: String,
}

/// What was wrapped.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct MasterKeyRotated {
    /// How many keys.
    pub keys: usize,
    /// When, by the service's clock: backups from before open with the old key, later ones with the new.
    pub at: DateTime<Utc>,
}

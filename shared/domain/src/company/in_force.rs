//! The policy in force, and the way back to the one before it.

use serde::{Deserialize, Serialize};

use super::{Epoch, Policy};

/// The policy and what hangs on it: what an undo brings back.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct InForce {
    /// The policy.
    pub policy: Policy,
    /// Activations started under a lower epoch don't count.
    pub required_epoch: Epoch,
    /// The revision of the change that turned off whom its policy didn't cover; none: none did, or it was taken back.
    pub turned_off_at: Option<u64>,
}

/// The change of policy that can be taken back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LastChange {
    /// Its revision.
    pub revision: u64,
    /// What was before it.
    pub before: InForce,
}

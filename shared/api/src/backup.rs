//! Backups, behind the operator's socket.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Asks for a backup of the installation's data.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BackUp {
    /// Where to: the full path of a directory that isn't there yet, on the service's host.
    pub directory: String,
}

/// A backup that is whole and on the disk.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct BackedUp {
    /// Where it is.
    pub directory: String,
    /// How many events its log has.
    pub events: u64,
    /// How many keys its key store has.
    pub keys: usize,
}

//! What mail server and gateways share.

use tokio_util::sync::CancellationToken;

use crate::Encryption;
use crate::faults::FaultPlan;
use crate::inbox::Inbox;

/// What mail server and gateways share.
pub(crate) struct Shared {
    pub(crate) inbox: Inbox,
    pub(crate) faults: FaultPlan,
    pub(crate) largest_mail: usize,
    pub(crate) encryption: Encryption,
    pub(crate) shutdown: CancellationToken,
}

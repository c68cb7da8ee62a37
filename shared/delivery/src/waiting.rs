//! How much waits in the queue.

use twostep_domain::delivery::{Channel, Urgency};

/// How many messages of a channel and urgency wait, and how many are in workers' hands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Waiting {
    /// Which channel.
    pub channel: Channel,
    /// Whether somebody waits for them.
    pub urgency: Urgency,
    /// Nobody has taken them yet.
    pub waiting: u64,
    /// Somebody works on them, or they wait for another try.
    pub in_hand: u64,
}

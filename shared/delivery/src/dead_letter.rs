//! What is kept of a message that nobody could work on: what it was, and nothing that was in it.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use twostep_domain::{CompanyId, DeliveryId, Time};

/// A message that can't be read, or that killed whoever took it; JSON where a queue keeps it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct DeadLetter {
    /// The version of this shape.
    pub version: u16,
    /// Where it lay.
    pub subject: String,
    /// How many bytes it had.
    pub bytes: usize,
    /// Their SHA-256, hexadecimal: whether two are the same.
    pub sha256: String,
    /// Why nobody could work on it.
    pub reason: String,
    /// How often it was given out.
    pub deliveries: u64,
    /// Its id, where it is readable.
    pub id: Option<DeliveryId>,
    /// Whose it was, where that is readable.
    pub company: Option<CompanyId>,
    /// When it was taken off.
    pub at: Time,
}

/// The fields that even a message of another version is expected to have.
#[derive(Clone, Copy, Deserialize)]
pub struct Ids {
    /// Which message.
    pub id: DeliveryId,
    /// Whose.
    pub company: CompanyId,
    /// Its round.
    #[serde(default)]
    pub round: u32,
}

impl Ids {
    /// Those of a message, where they are readable.
    #[must_use]
    pub fn of(bytes: &[u8]) -> Option<Self> {
        serde_json::from_slice(bytes).ok()
    }
}

impl DeadLetter {
    /// The version that is written today.
    pub const VERSION: u16 = 1;

    /// What is kept of the message `bytes` that lay at `subject`.
    #[must_use]
    pub fn of(bytes: &[u8], subject: &str, reason: &str, deliveries: u64, at: Time) -> Self {
        let ids = Ids::of(bytes);
        let sha256 = Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect();
        Self {
            version: Self::VERSION,
            subject: subject.to_owned(),
            bytes: bytes.len(),
            sha256,
            reason: reason.to_owned(),
            deliveries,
            id: ids.map(|ids| ids.id),
            company: ids.map(|ids| ids.company),
            at,
        }
    }
}

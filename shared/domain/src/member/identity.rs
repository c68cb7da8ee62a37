//! Who a person is, as events carry it: sealed fields and keyed hashes.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{Digest, KeyPeriod, LinkId, Sealed, Time};

/// A person's identity, each field sealed with the person's identity key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SealedIdentity {
    /// The name.
    pub name: Sealed,
    /// The login name.
    pub login: Sealed,
    /// The work address.
    pub email: Sealed,
    /// The keyed hash of the login: the key of its stream.
    pub login_hash: Digest,
    /// The keyed hash of the work address.
    pub email_hash: Digest,
}

/// An invitation or reset link: its token is derived from these and the month's link key, and stored nowhere.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Link {
    /// Which link.
    pub id: LinkId,
    /// The month of the key.
    pub key: KeyPeriod,
    /// When it dies.
    pub expires_at: Time,
    /// Whether it is mailed; the first Master Account Holder's is printed to the operator instead.
    pub mailed: bool,
}

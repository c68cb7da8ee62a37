//! Notices: what people are told about their account.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::Digest;
use crate::Sealed;
use crate::delivery::MessageKind;

/// Somebody is to be told; appended to the stream where the cause is.
///
/// The relay finds the recipients' addresses: every verified contact and the work address.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct NoticeRequested {
    /// What it says.
    pub kind: MessageKind,
    /// Who is told.
    pub audience: Audience,
    /// A contact that was just replaced or removed, told as well.
    pub also: Option<Contact>,
}

/// Who is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Audience {
    /// The person whose stream this is.
    Owner,
    /// Every Master Admin of the company.
    MasterAdmins,
}

/// Where a message goes: sealed, with its keyed hash.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Contact {
    /// By e-mail or text.
    pub channel: crate::delivery::Channel,
    /// The address or number, sealed to the person.
    pub destination: Sealed,
    /// Its keyed hash.
    pub hash: Digest,
}

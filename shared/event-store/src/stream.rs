//! Names of streams, and places in them.

use std::fmt;

use serde::{Deserialize, Serialize};
use twostep_domain::{CompanyId, Digest, StreamKind};
use uuid::Uuid;

/// A stream: of one company, one kind, one thing. No stream crosses companies.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct StreamId {
    /// Whose.
    pub company: CompanyId,
    /// Of what kind.
    pub kind: StreamKind,
    /// Of what: a UUID or a keyed hash.
    pub key: StreamKey,
}

impl StreamId {
    /// The stream of `kind` for `key` in `company`.
    #[must_use]
    pub fn new(company: CompanyId, kind: StreamKind, key: impl Into<StreamKey>) -> Self {
        Self { company, kind, key: key.into() }
    }

    /// The company's own stream.
    #[must_use]
    pub fn company(company: CompanyId) -> Self {
        Self::new(company, StreamKind::Company, company.0)
    }
}

impl fmt::Display for StreamId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}-{}", self.company, self.kind.as_str(), self.key.as_str())
    }
}

/// 1 to 64 of `a-z`, `0-9` and `-`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct StreamKey(String);

/// The text is no key of a stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a stream's key has 1 to 64 of the characters a-z, 0-9 and -")]
pub struct InvalidStreamKey;

impl StreamKey {
    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The UUID that it is, where it is one.
    #[must_use]
    pub fn uuid(&self) -> Option<Uuid> {
        self.0.parse().ok()
    }
}

impl From<Uuid> for StreamKey {
    fn from(id: Uuid) -> Self {
        Self(id.hyphenated().to_string())
    }
}

impl From<&Digest> for StreamKey {
    fn from(digest: &Digest) -> Self {
        Self(digest.as_str().to_owned())
    }
}

impl TryFrom<String> for StreamKey {
    type Error = InvalidStreamKey;

    fn try_from(text: String) -> Result<Self, InvalidStreamKey> {
        let allowed = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
        if (1..=64).contains(&text.len()) && text.bytes().all(allowed) {
            Ok(Self(text))
        } else {
            Err(InvalidStreamKey)
        }
    }
}

impl From<StreamKey> for String {
    fn from(key: StreamKey) -> Self {
        key.0
    }
}

/// The place of an event in its stream: 0, 1, 2, …
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Revision(pub u64);

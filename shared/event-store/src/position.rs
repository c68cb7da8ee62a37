//! Places in the log.

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};

/// A part of the log that is ordered in itself; a company lies in one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Partition(u32);

impl Partition {
    /// The only partition of an engine that has one.
    pub const ONLY: Self = Self(0);

    /// For adapters: the partition with this number.
    #[must_use]
    pub const fn number(number: u32) -> Self {
        Self(number)
    }
}

/// An event's place in the log; ordered within one partition, and not comparable across two.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Position {
    partition: Partition,
    offset: u64,
}

impl Position {
    /// For adapters: the place `offset` of `partition`; the first event has offset 1.
    #[must_use]
    pub const fn new(partition: Partition, offset: u64) -> Self {
        Self { partition, offset }
    }

    /// For adapters: the partition.
    #[must_use]
    pub const fn partition(self) -> Partition {
        self.partition
    }

    /// For adapters: the engine's number in the partition.
    #[must_use]
    pub const fn offset(self) -> u64 {
        self.offset
    }
}

impl PartialOrd for Position {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        (self.partition == other.partition).then(|| self.offset.cmp(&other.offset))
    }
}

/// How far a reader has read: a place in every partition it knows. As text it is opaque.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Checkpoint(BTreeMap<Partition, u64>);

/// The text is no checkpoint.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("that is not a position that this service gave out")]
pub struct InvalidCheckpoint;

impl Checkpoint {
    /// Before the first event.
    #[must_use]
    pub fn start() -> Self {
        Self::default()
    }

    /// Everything up to `position` in its partition.
    #[must_use]
    pub fn at(position: Position) -> Self {
        Self(BTreeMap::from([(position.partition, position.offset)]))
    }

    /// Moves on to `position`, if it isn't there yet.
    pub fn advance(&mut self, position: Position) {
        let offset = self.0.entry(position.partition).or_insert(0);
        *offset = (*offset).max(position.offset);
    }

    /// Whether what is at `position` is seen.
    #[must_use]
    pub fn includes(&self, position: Position) -> bool {
        self.offset(position.partition) >= position.offset
    }

    /// Whether everything that `other` has seen is seen here too.
    #[must_use]
    pub fn covers(&self, other: &Self) -> bool {
        other.0.iter().all(|(partition, offset)| self.offset(*partition) >= *offset)
    }

    /// For adapters: how far in `partition`; 0 before its first event.
    #[must_use]
    pub fn offset(&self, partition: Partition) -> u64 {
        self.0.get(&partition).copied().unwrap_or(0)
    }
}

impl fmt::Display for Checkpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text: Vec<String> =
            self.0.iter().map(|(partition, offset)| format!("{}.{offset}", partition.0)).collect();
        f.write_str(&URL_SAFE_NO_PAD.encode(text.join(",")))
    }
}

impl FromStr for Checkpoint {
    type Err = InvalidCheckpoint;

    fn from_str(text: &str) -> Result<Self, InvalidCheckpoint> {
        let bytes = URL_SAFE_NO_PAD.decode(text).map_err(|_| InvalidCheckpoint)?;
        let plain = String::from_utf8(bytes).map_err(|_| InvalidCheckpoint)?;
        let entry = |entry: &str| {
            let (partition, offset) = entry.split_once('.')?;
            Some((Partition(partition.parse().ok()?), offset.parse().ok()?))
        };
        let entries = plain.split(',').filter(|entry| !entry.is_empty());
        entries.map(entry).collect::<Option<_>>().map(Self).ok_or(InvalidCheckpoint)
    }
}

impl TryFrom<String> for Checkpoint {
    type Error = InvalidCheckpoint;

    fn try_from(text: String) -> Result<Self, InvalidCheckpoint> {
        text.parse()
    }
}

impl From<Checkpoint> for String {
    fn from(checkpoint: Checkpoint) -> Self {
        checkpoint.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_of_two_partitions_do_not_compare() {
        let here = |offset| Position::new(Partition::ONLY, offset);
        assert!(here(1) < here(2));
        assert_eq!(here(1).partial_cmp(&Position::new(Partition(1), 2)), None);
    }

    #[test]
    fn a_checkpoint_survives_its_text() {
        let mut checkpoint = Checkpoint::at(Position::new(Partition(3), 7));
        checkpoint.advance(Position::new(Partition::ONLY, 42));
        assert_eq!(checkpoint.to_string().parse(), Ok(checkpoint.clone()));
        assert!(checkpoint.covers(&Checkpoint::start()) && !Checkpoint::start().covers(&checkpoint));
        assert!("?".parse::<Checkpoint>().is_err());
    }
}

//! What the policy means for somebody from their next sign-in on (facts 7, 12 and 13).

use std::collections::BTreeSet;

use super::{Enrolled, Requirement};
use crate::{BackupKind, Capabilities, Method};

/// What somebody meets at their next sign-in, and what they can verify with from then on. Printed codes aren't
/// counted: they run out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Prospect {
    /// The password is enough.
    NotAsked,
    /// They verify.
    Verifies {
        /// With one of these.
        with: BTreeSet<Method>,
    },
    /// They set up what they lack, after proving an old method where one counts.
    SetsUp {
        /// Then they verify with one of these; whoever has nothing yet may choose any that is allowed.
        with: BTreeSet<Method>,
    },
}

impl Prospect {
    /// Whether a client that can ask for `shown` has nothing to ask them for.
    #[must_use]
    pub fn is_stuck(&self, shown: &Capabilities) -> bool {
        match self {
            Self::NotAsked => false,
            Self::Verifies { with } | Self::SetsUp { with } => with.is_disjoint(&shown.0),
        }
    }
}

impl Requirement {
    /// Whether somebody verifies with the primary and has no backup that is allowed beside it. Nobody asks them for another:
    /// until they add one, printed codes are all that helps them out.
    #[must_use]
    pub fn leaves_without_backup(&self, enrolled: Option<&Enrolled>) -> bool {
        let Some(enrolled) = enrolled.filter(|enrolled| self.counts(enrolled.epoch, enrolled.company)) else {
            return false;
        };
        let holds = |kind: &BackupKind| match kind.method() {
            Some(method) => enrolled.methods.contains(&method) && self.reaches(method),
            None => enrolled.printed,
        };
        enrolled.methods.contains(&self.primary) && !self.allowed_backups().iter().any(holds)
    }

    /// What it means for somebody who has set up `enrolled`.
    #[must_use]
    pub fn prospect(&self, enrolled: Option<&Enrolled>) -> Prospect {
        let counting = enrolled.filter(|enrolled| self.counts(enrolled.epoch, enrolled.company));
        let named = |method: &Method| *method == self.primary || self.backups.contains(&(*method).into());
        match counting {
            None if !self.covers() => Prospect::NotAsked,
            None => {
                let backups = self.backups.iter().copied().filter_map(BackupKind::method);
                Prospect::SetsUp { with: backups.chain([self.primary]).collect() }
            }
            Some(enrolled) if enrolled.methods.contains(&self.primary) => {
                Prospect::Verifies { with: enrolled.methods.iter().copied().filter(named).collect() }
            }
            Some(enrolled) if self.covers() => {
                let kept = enrolled.methods.iter().copied().filter(named);
                Prospect::SetsUp { with: kept.chain([self.primary]).collect() }
            }
            // Nobody asks them for the new primary: what they have stays good.
            Some(enrolled) => {
                let with = enrolled.methods.iter().copied().filter(|method| self.reaches(*method));
                Prospect::Verifies { with: with.collect() }
            }
        }
    }
}

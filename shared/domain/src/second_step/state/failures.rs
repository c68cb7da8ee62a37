//! Wrong guesses in a row, across all methods, and what follows from them (S11).

use chrono::TimeDelta;
use serde::{Deserialize, Serialize};

use crate::Time;
use crate::second_step::{SecondStepError, life};

/// Wrong guesses since the last success in a sign-in or step-up, or since the last unlocking.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Failures {
    /// None.
    #[default]
    None,
    /// Some, not yet too many.
    Counted {
        /// How many.
        count: u32,
        /// When the last one was.
        last_at: Time,
    },
    /// Too many: nothing but a printed code or an administrator helps.
    Locked {
        /// How many.
        count: u32,
    },
}

impl Failures {
    /// How many.
    #[must_use]
    pub fn count(self) -> u32 {
        match self {
            Self::None => 0,
            Self::Counted { count, .. } | Self::Locked { count } => count,
        }
    }

    /// Whether the second step is locked.
    #[must_use]
    pub fn is_locked(self) -> bool {
        matches!(self, Self::Locked { .. }) || self.count() >= life::LOCK_AT
    }

    /// When the next try is possible, if not now; a lock has no such time.
    ///
    /// 1, 2, 4 … s from the 3rd failure on, at most 15 min.
    #[must_use]
    pub fn retry_at(self, now: Time) -> Option<Time> {
        let Self::Counted { count, last_at } = self else { return None };
        let doublings = count.checked_sub(life::DELAY_FROM)?;
        let delay = TimeDelta::seconds(1_i64 << doublings.min(16)).min(life::LONGEST_DELAY);
        Some(life::later(last_at, delay)).filter(|next_at| now < *next_at)
    }

    /// Lets a guess pass to its judgement, or refuses it whatever it is.
    pub(in crate::second_step) fn admit(self, now: Time) -> Result<(), SecondStepError> {
        if self.is_locked() {
            return Err(SecondStepError::Locked);
        }
        self.retry_at(now).map_or(Ok(()), |next_at| Err(SecondStepError::TooSoon { next_at }))
    }

    pub(super) fn one_more(self, at: Time) -> Self {
        let count = self.count().saturating_add(1);
        match self {
            Self::None | Self::Counted { .. } => Self::Counted { count, last_at: at },
            Self::Locked { .. } => Self::Locked { count },
        }
    }

    pub(super) fn locked(self) -> Self {
        Self::Locked { count: self.count() }
    }
}

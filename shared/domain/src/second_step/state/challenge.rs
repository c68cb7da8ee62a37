//! A sent code that waits for its answer.

use serde::{Deserialize, Serialize};

use crate::second_step::{Dispatch, life};
use crate::{ChallengeId, Digest, Time};

/// A code that was sent, and how often it was guessed at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Challenge {
    /// The code and where it went.
    pub dispatch: Dispatch,
    /// Wrong tries so far.
    pub wrong: u8,
}

/// What a typed code is to a challenge.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::second_step) enum Answer {
    Right,
    Wrong,
    /// Right, but too late.
    Expired,
}

impl Challenge {
    pub(super) fn new(dispatch: Dispatch) -> Self {
        Self { dispatch, wrong: 0 }
    }

    /// Whether its code can still be accepted.
    #[must_use]
    pub fn is_live(&self, now: Time) -> bool {
        self.wrong < life::MAX_TRIES && now < self.dispatch.expires_at
    }

    /// Whether *Resend* delivers the same code: same destination, no wrong try, at least 60 s left.
    #[must_use]
    pub fn is_resendable(&self, destination: &Digest, now: Time) -> bool {
        self.wrong == 0
            && self.dispatch.destination_hash == *destination
            && life::later(now, life::RESENDABLE) <= self.dispatch.expires_at
    }

    /// What the comparison with `asked` means; a code tried five times is wrong even when it is right (S4).
    pub(in crate::second_step) fn answer(
        &self,
        asked: Option<ChallengeId>,
        matches: bool,
        now: Time,
    ) -> Answer {
        let right = matches && asked == Some(self.dispatch.challenge) && self.wrong < life::MAX_TRIES;
        match (right, now < self.dispatch.expires_at) {
            (true, true) => Answer::Right,
            (true, false) => Answer::Expired,
            (false, _) => Answer::Wrong,
        }
    }

    pub(super) fn rejected(&mut self, challenge: ChallengeId) {
        if challenge == self.dispatch.challenge {
            self.wrong = self.wrong.saturating_add(1);
        }
    }
}

//! Sessions.

use serde::{Deserialize, Serialize};

use super::Proof;
use crate::second_step::{SecondStepError, life};
use crate::{Client, Digest, SessionId, Time};

/// A session.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Session {
    /// Which.
    pub id: SessionId,
    /// The hash of its bearer token.
    pub token: Digest,
    /// The revision of the member's stream that the password was compared at: a later change of password ends it (S16).
    pub password: u64,
    /// From which client.
    pub client: Client,
    /// How the person proved themselves, at the start and since.
    pub proof: Proof,
    /// The last second-step proof.
    pub second_step: SessionProof,
    /// When it began.
    pub started_at: Time,
    /// When it was last seen in use, to within 10 min.
    pub seen_at: Time,
    /// When it ends at the latest.
    pub expires_at: Time,
}

/// The last second-step proof in a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum SessionProof {
    /// The password was enough.
    None,
    /// Proven.
    Proven {
        /// When.
        at: Time,
    },
    /// Proven, and used for a change of password: good for no further change.
    Spent {
        /// When it was proven.
        at: Time,
    },
}

/// What a session may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SessionStanding {
    /// Everything that its person may.
    Full,
    /// Nothing before the second step is proven or set up in place (S16).
    SecondStepRequired,
}

/// The session ended, expired or was idle too long.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("this session is over: sign in again")]
pub struct SessionOver;

impl From<SessionOver> for SecondStepError {
    fn from(_: SessionOver) -> Self {
        Self::SessionOver
    }
}

impl Session {
    /// Whether it has begun and isn't over.
    #[must_use]
    pub fn is_live(&self, now: Time) -> bool {
        self.seen_at <= now && !self.is_over(now)
    }

    /// Whether it has expired or was idle too long.
    pub(in crate::second_step) fn is_over(&self, now: Time) -> bool {
        self.expires_at <= now || life::later(self.seen_at, life::IDLE) <= now
    }

    /// When a second step was last proven in it.
    #[must_use]
    pub fn proved_at(&self) -> Option<Time> {
        match self.second_step {
            SessionProof::None => None,
            SessionProof::Proven { at } | SessionProof::Spent { at } => Some(at),
        }
    }

    /// Whether a proof of the last 5 min is there that no change of password used up (S18).
    #[must_use]
    pub fn is_fresh(&self, now: Time) -> bool {
        match self.second_step {
            SessionProof::Proven { at } => life::within(at, life::PROOF, now),
            SessionProof::None | SessionProof::Spent { .. } => false,
        }
    }

    pub(super) fn prove(
        &mut self,
        amr: impl IntoIterator<Item = crate::second_step::Amr>,
        aal: u8,
        at: Time,
    ) {
        self.proof.amr.extend(amr);
        self.proof.aal = self.proof.aal.max(aal);
        self.second_step = SessionProof::Proven { at };
    }
}

//! Sign-ins and step-ups between the accepted password and their end.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::Challenge;
use crate::second_step::{Amr, Purpose};
use crate::{BackupKind, Client, Digest, Method, SignInId, Time};

/// A sign-in whose password was right, or a step-up.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PendingSignIn {
    /// Which.
    pub id: SignInId,
    /// What it is for.
    pub purpose: Purpose,
    /// The hash of its bearer token.
    pub token: Digest,
    /// From which client.
    pub client: Client,
    /// A mailbox that can't be the second step here: it reset the password.
    pub excluded: Option<Digest>,
    /// The revision of the member's stream that the password was compared at: a later change of password ends it (S16).
    pub password: u64,
    /// When the password was right.
    pub started_at: Time,
    /// When a code of it was right; none: none was yet.
    pub proven_at: Option<Time>,
    /// When it dies; a set-up that belongs to it carries it along.
    pub expires_at: Time,
    /// What it waits for.
    pub stage: Stage,
    /// The last code of each method, live or not.
    pub(super) challenges: BTreeMap<Method, Challenge>,
}

/// What a pending sign-in waits for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Stage {
    /// Its judgement, which the same append holds.
    Judging,
    /// A second-step proof.
    Verify {
        /// What the dialog offers, the preferred first, as judged at the start.
        offered: Vec<BackupKind>,
    },
    /// A right code whose consequence the same append holds.
    Proven(Proof),
    /// A set-up.
    SetUp {
        /// The old method that was proven first, by somebody who lacks a new primary.
        proof: Option<Proof>,
    },
}

/// A second step that was proven.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proof {
    /// How.
    pub amr: BTreeSet<Amr>,
    /// The assurance level reached.
    pub aal: u8,
}

impl Proof {
    /// By a password alone.
    #[must_use]
    pub fn password() -> Self {
        Self { amr: BTreeSet::from([Amr::Pwd]), aal: 1 }
    }

    /// And by `kind` as well. E-mail is no second factor: it reaches neither level 2 nor `mfa` (NIST SP 800-63B-4 §3.1.3.1).
    #[must_use]
    pub fn and(mut self, kind: BackupKind) -> Self {
        let (how, factor) = match kind {
            BackupKind::App => (Amr::Otp, true),
            BackupKind::Sms => (Amr::Sms, true),
            BackupKind::Email => (Amr::Email, false),
            BackupKind::Printed => (Amr::Recovery, true),
        };
        self.amr.insert(how);
        if factor {
            self.amr.insert(Amr::Mfa);
            self.aal = 2;
        }
        self
    }

    /// Whether it holds more than the password.
    #[must_use]
    pub fn has_second_step(&self) -> bool {
        self.amr.iter().any(|how| *how != Amr::Pwd)
    }
}

//! A set-up under way: what isn't activated belongs to it and dies with it (S2).

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::enrolment::{Authenticator, Methods, PrintedCodes, VerifiedContact};
use super::{Challenge, Proof};
use crate::company::Epoch;
use crate::second_step::{MailedLink, SetUpOwner, life};
use crate::{BackupKind, ChallengeId, Digest, Method, PairingId, Sealed, SetUpId, Time};

/// A set-up.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SetUp {
    /// Which.
    pub id: SetUpId,
    /// Whom it belongs to.
    pub owner: SetUpOwner,
    /// The reset epoch that its activation will count under.
    pub epoch: Epoch,
    /// The company revision that it was judged under.
    pub company: u64,
    /// The primary method asked for.
    pub primary: Method,
    /// What may be the backup.
    pub backups: BTreeSet<BackupKind>,
    /// Methods of the enrolment in force that stay.
    pub keeps: BTreeSet<BackupKind>,
    /// The activation that it edits.
    pub edits: Option<SetUpId>,
    /// When it dies.
    pub expires_at: Time,
    /// The app.
    pub app: Option<AppStep>,
    /// The number.
    pub phone: Option<ContactStep>,
    /// The address.
    pub email: Option<ContactStep>,
    /// The printed codes.
    pub printed: Option<PrintedCodes>,
    /// The work address, where the company wants it proven first.
    pub work_address: WorkAddress,
}

/// Whether the work address must be proven before anything else (S34).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum WorkAddress {
    /// The company doesn't ask for it, or this is no first set-up.
    NotAsked,
    /// It is to be proven first.
    Due(Digest),
    /// It is proven.
    Proven,
}

/// How far the app is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum AppStep {
    /// A seed is shown; its first code is due.
    Shown {
        /// Which pairing.
        pairing: PairingId,
        /// The sealed seed.
        seed: Sealed,
        /// When it dies.
        expires_at: Time,
    },
    /// The app showed a right code.
    Paired(Authenticator),
}

/// How far an address or number is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ContactStep {
    /// A code went there.
    Asked {
        /// The code.
        challenge: Challenge,
        /// The link that went with it (e-mail).
        link: Option<LinkProgress>,
    },
    /// It came back.
    Verified {
        /// What proved it.
        challenge: ChallengeId,
        /// The address or number.
        contact: VerifiedContact,
    },
}

/// A mailed link and what happened to it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LinkProgress {
    /// Its key and life.
    pub link: MailedLink,
    /// Whether it was opened on another device.
    pub opened: bool,
    /// Wrong screen codes typed there.
    pub wrong: u8,
}

impl LinkProgress {
    /// Whether it can still prove the address.
    #[must_use]
    pub fn is_live(&self, now: Time) -> bool {
        self.wrong < life::MAX_TRIES && now < self.link.expires_at
    }
}

impl SetUp {
    /// Whether `kind` has a place in it: the primary or an allowed backup.
    #[must_use]
    pub fn allows(&self, kind: BackupKind) -> bool {
        kind == self.primary.into() || self.backups.contains(&kind)
    }

    /// The work address that must be proven before anything else.
    #[must_use]
    pub fn due_work_address(&self) -> Option<&Digest> {
        match &self.work_address {
            WorkAddress::Due(address) => Some(address),
            WorkAddress::NotAsked | WorkAddress::Proven => None,
        }
    }

    /// The shown seed that waits for its first code.
    #[must_use]
    pub fn unconfirmed_pairing(&self, now: Time) -> Option<(PairingId, &Sealed)> {
        match &self.app {
            Some(AppStep::Shown { pairing, seed, expires_at }) if now < *expires_at => Some((*pairing, seed)),
            Some(AppStep::Shown { .. } | AppStep::Paired(_)) | None => None,
        }
    }

    /// How far the address or number is; none for the app.
    #[must_use]
    pub fn contact(&self, method: Method) -> Option<&ContactStep> {
        match method {
            Method::App => None,
            Method::Sms => self.phone.as_ref(),
            Method::Email => self.email.as_ref(),
        }
    }

    pub(super) fn contact_mut(&mut self, method: Method) -> Option<&mut Option<ContactStep>> {
        match method {
            Method::App => None,
            Method::Sms => Some(&mut self.phone),
            Method::Email => Some(&mut self.email),
        }
    }

    /// What it proved itself so far; printed codes count where they are the chosen backup.
    #[must_use]
    pub fn proven(&self) -> BTreeSet<BackupKind> {
        let mut methods = self.methods();
        methods.printed = methods.printed.filter(|printed| printed.as_backup);
        methods.held()
    }

    /// What an activation would put in force: proven here, or kept.
    #[must_use]
    pub fn complete(&self) -> BTreeSet<BackupKind> {
        self.proven().union(&self.keeps).copied().collect()
    }

    /// How the person proved themselves by it, on top of `before`.
    pub(in crate::second_step) fn proof(&self, before: Proof) -> Proof {
        let shown_only = |kind: &BackupKind| *kind != BackupKind::Printed;
        self.proven().into_iter().filter(shown_only).fold(before, Proof::and)
    }

    pub(super) fn methods(&self) -> Methods {
        let verified = |step: &Option<ContactStep>| match step {
            Some(ContactStep::Verified { contact, .. }) => Some(contact.clone()),
            Some(ContactStep::Asked { .. }) | None => None,
        };
        Methods {
            app: match &self.app {
                Some(AppStep::Paired(app)) => Some(app.clone()),
                Some(AppStep::Shown { .. }) | None => None,
            },
            phone: verified(&self.phone),
            // A work address that was only proven is no method.
            email: verified(&self.email).filter(|_| self.allows(BackupKind::Email)),
            printed: self.printed.clone(),
        }
    }
}

impl ContactStep {
    /// The code that is out, live or not.
    #[must_use]
    pub fn challenge(&self) -> Option<&Challenge> {
        match self {
            Self::Asked { challenge, .. } => Some(challenge),
            Self::Verified { .. } => None,
        }
    }

    /// What proves or proved it.
    #[must_use]
    pub fn challenge_id(&self) -> ChallengeId {
        match self {
            Self::Asked { challenge, .. } => challenge.dispatch.challenge,
            Self::Verified { challenge, .. } => *challenge,
        }
    }

    /// The keyed hash of the address or number.
    #[must_use]
    pub fn destination_hash(&self) -> &Digest {
        match self {
            Self::Asked { challenge, .. } => &challenge.dispatch.destination_hash,
            Self::Verified { contact, .. } => &contact.hash,
        }
    }

    pub(super) fn as_contact(&self) -> VerifiedContact {
        VerifiedContact { destination: self.destination().clone(), hash: self.destination_hash().clone() }
    }

    /// The sealed address or number.
    #[must_use]
    pub fn destination(&self) -> &Sealed {
        match self {
            Self::Asked { challenge, .. } => &challenge.dispatch.destination,
            Self::Verified { contact, .. } => &contact.destination,
        }
    }
}

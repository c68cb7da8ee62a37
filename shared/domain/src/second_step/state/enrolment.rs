//! The methods that an activation put in force.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::company::Epoch;
use crate::delivery::Channel;
use crate::notice::Contact;
use crate::second_step::Requirement;
use crate::{BackupKind, Client, Digest, Method, PairingId, Sealed, SetUpId, Time, TotpStep};

/// What the last activation put in force. Who is primary and who backup follows from the policy of the day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Enrolment {
    /// The set-up that was activated: the enrolment's identity.
    pub set_up: SetUpId,
    /// The reset epoch that it counts under.
    pub epoch: Epoch,
    /// The company revision that it was judged under.
    pub company: u64,
    /// When it came into force.
    pub activated_at: Time,
    /// What was proven.
    pub methods: Methods,
}

/// A set of verified methods.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Methods {
    /// An authenticator app.
    pub app: Option<Authenticator>,
    /// A number for text messages.
    pub phone: Option<VerifiedContact>,
    /// An e-mail address.
    pub email: Option<VerifiedContact>,
    /// Printed codes.
    pub printed: Option<PrintedCodes>,
}

/// An app that holds a seed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Authenticator {
    /// Which pairing.
    pub pairing: PairingId,
    /// The sealed seed.
    pub seed: Sealed,
    /// The last step accepted from it; only a greater one is (S1).
    pub last_step: TotpStep,
}

/// An address or number from which a code came back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct VerifiedContact {
    /// The address or number, sealed to the person.
    pub destination: Sealed,
    /// Its keyed hash.
    pub hash: Digest,
}

/// Printed codes that are left.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PrintedCodes {
    /// Their keyed hashes.
    pub codes: BTreeSet<Digest>,
    /// Whether they are the chosen backup, or only the way out that everybody gets at activation.
    pub as_backup: bool,
}

impl Enrolment {
    /// Whether it counts under `requirement`: not undone by a mass reset, nor turned off for those not covered.
    #[must_use]
    pub fn counts(&self, requirement: &Requirement) -> bool {
        requirement.counts(self.epoch, self.company)
    }

    /// What a verification dialog offers: what `client` can show, the primary first.
    ///
    /// A method that the policy no longer names is offered only to somebody who lacks the primary: it is what they
    /// prove before they set that up. Printed codes need nothing of the client. `excluded` is a mailbox that
    /// just reset the password (S18). What this installation can't send is never offered.
    #[must_use]
    pub fn offered(
        &self,
        requirement: &Requirement,
        client: &Client,
        excluded: Option<&Digest>,
    ) -> Vec<BackupKind> {
        let held = self.methods.held();
        let primary = BackupKind::from(requirement.primary);
        let named = |kind: BackupKind| {
            kind == primary || requirement.backups.contains(&kind) || !held.contains(&primary)
        };
        let usable = |kind: &BackupKind| match kind.method() {
            None => true,
            Some(method) => {
                let at_reset_mailbox = excluded.is_some()
                    && self.methods.contact(method).map(|contact| &contact.hash) == excluded;
                let shown = client.capabilities.allow(method) && requirement.reaches(method);
                shown && named(*kind) && !at_reset_mailbox
            }
        };
        let mut offered: Vec<_> = held.iter().copied().filter(usable).collect();
        offered.sort_by_key(|kind| (*kind != primary, *kind));
        offered
    }
}

impl Methods {
    /// The kinds that it holds; used-up printed codes don't count.
    #[must_use]
    pub fn held(&self) -> BTreeSet<BackupKind> {
        [
            self.app.is_some().then_some(BackupKind::App),
            self.phone.is_some().then_some(BackupKind::Sms),
            self.email.is_some().then_some(BackupKind::Email),
            self.printed.as_ref().filter(|printed| !printed.codes.is_empty()).map(|_| BackupKind::Printed),
        ]
        .into_iter()
        .flatten()
        .collect()
    }

    /// Whether `method` is among them.
    #[must_use]
    pub fn has(&self, method: Method) -> bool {
        self.held().contains(&method.into())
    }

    /// Where codes of `method` go; none for the app.
    #[must_use]
    pub fn contact(&self, method: Method) -> Option<&VerifiedContact> {
        match method {
            Method::App => None,
            Method::Sms => self.phone.as_ref(),
            Method::Email => self.email.as_ref(),
        }
    }

    /// Every address and number, for notices.
    #[must_use]
    pub fn contacts(&self) -> Vec<Contact> {
        let of = |contact: &Option<VerifiedContact>, channel| {
            contact.as_ref().map(|contact| Contact {
                channel,
                destination: contact.destination.clone(),
                hash: contact.hash.clone(),
            })
        };
        of(&self.email, Channel::Email).into_iter().chain(of(&self.phone, Channel::Sms)).collect()
    }
}
